package io.keydb.server.persistence;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import io.keydb.server.config.InvalidValue;
import java.util.List;

/** The directives of what is kept on disk: the dump file. */
public final class PersistenceDirectives {
    /** When stock brings what was appended to the disk. */
    public enum FsyncPolicy {
        /** At least once a second. */
        EVERYSEC,
        /** Before any client hears of the write. */
        ALWAYS,
        /** When the operating system likes. */
        NO
    }

    /** How thoroughly a dump from outside is checked; here always as a whole. */
    public enum Sanitizing {
        /** Stock trusts it. */
        NO,
        /** Stock checks it. */
        YES,
        /** Stock checks it unless it comes from a file or a primary. */
        CLIENTS
    }

    public static final Directive<List<SavePoint>> SAVE =
            directive("save")
                    .form(
                            new SavePoint.Points(),
                            List.of(
                                    new SavePoint(3600, 1),
                                    new SavePoint(300, 100),
                                    new SavePoint(60, 10000)))
                    .mutable()
                    .doc(
                            "Save points, each `seconds changes`: the dump file is written when"
                                    + " there were so many changes and the last one is so old. `\"\"`"
                                    + " sets none.");

    public static final Directive<String> DBFILENAME =
            directive("dbfilename")
                    .text("dump.rdb")
                    .mutable()
                    .protectedConfig()
                    .checked(name -> fileName("dbfilename", name))
                    .doc("Name of the dump file in `dir`.");

    public static final Directive<Boolean> RDBCOMPRESSION =
            directive("rdbcompression")
                    .toggle(true)
                    .mutable()
                    .doc("Compresses long strings in dump files.");

    public static final Directive<Boolean> RDBCHECKSUM =
            directive("rdbchecksum")
                    .toggle(true)
                    .doc("Ends a dump file with a checksum; without it damage is not noticed.");

    public static final Directive<Boolean> RDB_SAVE_INCREMENTAL_FSYNC =
            directive("rdb-save-incremental-fsync")
                    .toggle(true)
                    .mutable()
                    .doc("Brings a dump file to the disk in pieces while it is written.");

    public static final Directive<Long> RDB_KEY_SAVE_DELAY =
            directive("rdb-key-save-delay")
                    .integer(0, Integer.MIN_VALUE, Integer.MAX_VALUE)
                    .mutable()
                    .hidden()
                    .doc(
                            "For tests: microseconds to wait after each key of a dump file;"
                                    + " negative: keys for each microsecond.");

    public static final Directive<Long> KEY_LOAD_DELAY =
            directive("key-load-delay")
                    .integer(0, Integer.MIN_VALUE, Integer.MAX_VALUE)
                    .mutable()
                    .hidden()
                    .doc(
                            "For tests: microseconds to wait after each key that is loaded;"
                                    + " negative: keys for each microsecond.");

    public static final Directive<Boolean> STOP_WRITES_ON_BGSAVE_ERROR =
            directive("stop-writes-on-bgsave-error")
                    .toggle(true)
                    .mutable()
                    .doc(
                            "Refuses writes while there are save points and the last dump file"
                                    + " could not be written.");

    public static final Directive<Sanitizing> SANITIZE_DUMP_PAYLOAD =
            directive("sanitize-dump-payload")
                    .choice(Sanitizing.NO)
                    .mutable()
                    .withoutEffect(
                            "What comes from outside is always checked as a whole before it is"
                                    + " used.");

    public static final Directive<Boolean> APPENDONLY =
            directive("appendonly")
                    .toggle(false)
                    .mutable()
                    .deniedWhileLoading()
                    .doc(
                            "Keeps the append-only file: every write goes to the disk. Switched on"
                                    + " while the server runs it begins with a base of all data.");

    public static final Directive<String> APPENDFILENAME =
            directive("appendfilename")
                    .text("appendonly.aof")
                    .checked(name -> fileName("appendfilename", name))
                    .doc("How the names of the files of the append-only file begin.");

    public static final Directive<String> APPENDDIRNAME =
            directive("appenddirname")
                    .text("appendonlydir")
                    .checked(name -> fileName("appenddirname", name))
                    .doc("The folder of the append-only file in `dir`.");

    public static final Directive<FsyncPolicy> APPENDFSYNC =
            directive("appendfsync")
                    .choice(FsyncPolicy.EVERYSEC)
                    .mutable()
                    .doc(
                            "When what was appended is brought to the disk: before any client hears"
                                    + " of it (`always`), every second, or when the system likes"
                                    + " (`no`).");

    public static final Directive<Boolean> NO_APPENDFSYNC_ON_REWRITE =
            directive("no-appendfsync-on-rewrite")
                    .toggle(false)
                    .mutable()
                    .doc(
                            "While the append-only file is rewritten or a dump file is written,"
                                    + " what is appended is not brought to the disk.");

    public static final Directive<Long> AUTO_AOF_REWRITE_PERCENTAGE =
            directive("auto-aof-rewrite-percentage")
                    .integer(100, 0, Integer.MAX_VALUE)
                    .mutable()
                    .doc(
                            "The append-only file is rewritten when it has grown by so many percent"
                                    + " since the last time; 0: never by itself.");

    public static final Directive<Long> AUTO_AOF_REWRITE_MIN_SIZE =
            directive("auto-aof-rewrite-min-size")
                    .memory(64L << 20)
                    .mutable()
                    .doc("A shorter append-only file is not rewritten by itself.");

    public static final Directive<Boolean> AOF_LOAD_TRUNCATED =
            directive("aof-load-truncated")
                    .toggle(true)
                    .mutable()
                    .doc(
                            "Starts with an append-only file that ends within a command, as after a"
                                    + " crash: its end is cut off. Otherwise that ends the server.");

    public static final Directive<Boolean> AOF_USE_RDB_PREAMBLE =
            directive("aof-use-rdb-preamble")
                    .toggle(true)
                    .mutable()
                    .doc("Writes the base of the append-only file in the format of dump files.");

    public static final Directive<Boolean> AOF_REWRITE_INCREMENTAL_FSYNC =
            directive("aof-rewrite-incremental-fsync")
                    .toggle(true)
                    .mutable()
                    .doc(
                            "Brings the base of the append-only file to the disk in pieces while it"
                                    + " is written.");

    public static final Directive<Boolean> AOF_DISABLE_AUTO_GC =
            directive("aof-disable-auto-gc")
                    .toggle(false)
                    .mutable()
                    .hidden()
                    .doc("Keeps files of the append-only file that are no longer needed.");

    public static final Directive<Boolean> AOF_TIMESTAMP_ENABLED =
            directive("aof-timestamp-enabled")
                    .toggle(false)
                    .mutable()
                    .doc(
                            "Notes the time in the append-only file once a second, so that it can"
                                    + " be cut off there. Servers before 7.0 cannot read that.");

    /** All of them. */
    public static final List<Directive<?>> ALL =
            List.of(
                    SAVE,
                    DBFILENAME,
                    RDBCOMPRESSION,
                    RDBCHECKSUM,
                    RDB_SAVE_INCREMENTAL_FSYNC,
                    RDB_KEY_SAVE_DELAY,
                    KEY_LOAD_DELAY,
                    STOP_WRITES_ON_BGSAVE_ERROR,
                    SANITIZE_DUMP_PAYLOAD,
                    APPENDONLY,
                    APPENDFILENAME,
                    APPENDDIRNAME,
                    APPENDFSYNC,
                    NO_APPENDFSYNC_ON_REWRITE,
                    AUTO_AOF_REWRITE_PERCENTAGE,
                    AUTO_AOF_REWRITE_MIN_SIZE,
                    AOF_LOAD_TRUNCATED,
                    AOF_USE_RDB_PREAMBLE,
                    AOF_REWRITE_INCREMENTAL_FSYNC,
                    AOF_DISABLE_AUTO_GC,
                    AOF_TIMESTAMP_ENABLED);

    private PersistenceDirectives() {}

    private static String fileName(String directive, String name) throws InvalidValue {
        if (name.contains("/")) {
            String kind = directive.equals("appenddirname") ? "dirname" : "filename";
            throw new InvalidValue(directive + " can't be a path, just a " + kind);
        }
        return name;
    }
}
