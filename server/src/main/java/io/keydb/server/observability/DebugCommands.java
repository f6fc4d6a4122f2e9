package io.keydb.server.observability;

import static io.keydb.server.command.Command.command;
import static io.keydb.server.command.CommandFlag.ADMIN;
import static io.keydb.server.command.CommandFlag.LOADING;
import static io.keydb.server.command.CommandFlag.NOSCRIPT;
import static io.keydb.server.command.CommandFlag.STALE;
import static io.keydb.server.command.Group.SERVER;

import io.keydb.server.command.Call;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.InvalidValue;
import io.keydb.server.config.MemorySize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DEBUG: what tests and benchmarks ask of a server. Subcommands are no commands of their own, as in
 * stock servers. It runs on a worker, so DEBUG SLEEP holds up nobody but its caller.
 */
public final class DebugCommands {
    private static final CommandError NOT_ALLOWED =
            new CommandError(
                    "ERR DEBUG command not allowed. If the enable-debug-command option is set to"
                            + " \"local\", you can run it from a local connection, otherwise you need"
                            + " to set this option in the configuration file, and then restart the"
                            + " server.");

    private static final CommandError NOT_A_LEAF_SIZE =
            new CommandError(
                    "ERR argument must be a memory value bigger than 1 and smaller than 4gb");

    private static final long MOST_LEAF_BYTES = 0xFFFFFFFFL - (1 << 20);

    private static final CommandError UNKNOWN_RELOAD_OPTION =
            new CommandError(
                    "ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");

    private static final CommandError NOT_LOADED =
            new CommandError("ERR Error trying to load the AOF files, check server logs.");
    private static final CommandError NOT_RELOADED =
            new CommandError("ERR Error trying to load the RDB dump, check server logs.");

    private static final CommandError WITHIN_TRANSACTION =
            new CommandError("ERR this subcommand of DEBUG is not possible within a transaction");

    private static final Logger LOG = LoggerFactory.getLogger(DebugCommands.class);

    private final Configuration configuration;
    private final Supplier<Probe> probe;
    private final DebugProcess process;
    private final List<Command> all;

    /** What DEBUG reaches into. */
    public interface Probe {

        /**
         * Adds string keys {@code prefix:0} to {@code prefix:count-1} that are not there yet.
         *
         * @param valueBytes length of each value, or 0 for the length its text has
         */
        void populate(int database, byte[] prefix, long count, int valueBytes);

        /** Switches the removal of expired keys that nobody asks for. */
        void activeExpiry(boolean on);

        /** Lets elements of lists share no leaf beyond so many bytes; 0 sets no limit. */
        void listLeafBytes(long bytes);

        /** The digest of all data, 40 hexadecimal characters. */
        String digest();

        /** The digest of the value of a key, zeros when there is none. */
        String digest(int database, byte[] key);

        /** How the value of a key is kept; null when there is none. */
        @Nullable String describe(int database, byte[] key);

        /** Sends replicas a command that this server has not run, so that their data differ. */
        void replicate(List<byte[]> words);

        /** Begins a new history that no replica can continue into; those connected stay. */
        void changeReplicationId();

        /** Stops what happens by itself, or lets it go on. */
        void pauseCron(boolean paused);

        /** Lets scripts call what is not for scripts. */
        void scriptsMayCallAll(boolean yes);

        /** Switches the check of checksums of payloads. */
        void checksumMatters(boolean matters);

        /** Has what is being written to files in the background fail. */
        void failSaves();

        /** Holds every write to the append-only file up for so long. */
        void delayAppending(long micros);

        /**
         * Saves all data and loads them.
         *
         * @param saves false: what was saved before is loaded
         * @param flushes false: what is there is not removed first
         * @param merges whether keys that are there are replaced; otherwise they are an error
         * @throws IOException when that fails
         */
        void reload(boolean saves, boolean flushes, boolean merges) throws IOException;

        /**
         * Replaces all data by those of the append-only file.
         *
         * @throws IOException when that fails
         */
        void loadAppendOnly() throws IOException;
    }

    /**
     * @param probe asked for when DEBUG runs
     * @param host asked for when DEBUG concerns the process
     */
    public DebugCommands(
            Configuration configuration, Supplier<Probe> probe, Supplier<HostProbe> host) {
        this.configuration = configuration;
        this.probe = probe;
        this.process = new DebugProcess(host);
        this.all =
                List.of(
                        command("DEBUG", SERVER)
                                .since("1.0.0")
                                .arity(-2)
                                .flags(ADMIN, NOSCRIPT, LOADING, STALE)
                                .slow()
                                .internal()
                                .syntax("subcommand [argument ...]")
                                .summary("Serves tests of the server.")
                                .complexity("Depends on subcommand.")
                                .handledBy(this::debug));
    }

    /** All commands of this class. */
    public List<Command> all() {
        return all;
    }

    private void debug(Call call) {
        if (!configuration
                .value(ObservabilityDirectives.ENABLE_DEBUG_COMMAND)
                .includes(call.client())) {
            throw NOT_ALLOWED;
        }
        int arguments = call.count() - 2;
        String name = call.text(1).toUpperCase(Locale.ROOT);
        if (name.equals("POPULATE") && arguments >= 1 && arguments <= 3) {
            populate(call);
        } else if (name.equals("SLEEP") && arguments == 1) {
            sleep(call);
        } else if (name.equals("SET-ACTIVE-EXPIRE") && arguments == 1) {
            probe.get().activeExpiry(!call.text(2).equals("0"));
            call.reply().ok();
        } else if (name.equals("DIGEST") && arguments == 0) {
            call.reply().simple(ascii(probe.get().digest()));
        } else if (name.equals("DIGEST-VALUE") && arguments >= 1) {
            digestValues(call);
        } else if (name.equals("OBJECT") && arguments == 1) {
            describe(call);
        } else if (name.equals("RELOAD")) {
            reload(call);
        } else if (name.equals("LOADAOF") && arguments == 0) {
            loadAppendOnly(call);
        } else if (name.equals("SET-DISABLE-DENY-SCRIPTS") && arguments == 1) {
            probe.get().scriptsMayCallAll(!call.text(2).equals("0"));
            call.reply().ok();
        } else if (name.equals("SET-SKIP-CHECKSUM-VALIDATION") && arguments == 1) {
            probe.get().checksumMatters(call.text(2).equals("0"));
            call.reply().ok();
        } else if (name.equals("QUICKLIST-PACKED-THRESHOLD") && arguments == 1) {
            listLeafBytes(call);
        } else if (name.equals("PROTOCOL") && arguments == 1) {
            ReplyTypes.show(call.text(2), call.reply());
        } else if (name.equals("LOG") && arguments == 1) {
            LOG.warn("DEBUG LOG: {}", call.text(2));
            call.reply().ok();
        } else if (name.equals("ERROR") && arguments == 1) {
            call.reply().error(ascii(call.text(2).replace('\r', ' ').replace('\n', ' ')));
        } else if (name.equals("PAUSE-CRON") && arguments == 1) {
            probe.get().pauseCron(!call.text(2).equals("0"));
            call.reply().ok();
        } else if (name.equals("FAIL-SAVES") && arguments == 0) {
            probe.get().failSaves();
            call.reply().ok();
        } else if (name.equals("AOF-FLUSH-SLEEP") && arguments == 1) {
            probe.get().delayAppending(positive(call, 2));
            call.reply().ok();
        } else if (name.equals("HTSTATS") && arguments >= 1) {
            requireNoTransaction(call);
            HashTables.ofDatabase(call);
        } else if (name.equals("HTSTATS-KEY") && arguments >= 1) {
            requireNoTransaction(call);
            HashTables.ofKey(call);
        } else if (name.equals("REPLICATE") && arguments >= 1) {
            replicate(call);
        } else if (name.equals("CHANGE-REPL-ID") && arguments == 0) {
            LOG.warn("Changing replication IDs after receiving change-repl-id");
            probe.get().changeReplicationId();
            call.reply().ok();
        } else if (name.equals("HELP") && arguments == 0) {
            DebugHelp.reply(call);
        } else if (name.equals("REPLYBUFFER") && ReplyBuffers.handles(call)) {
            call.reply().ok();
        } else if (!process.handles(name, call)) {
            throw new CommandError(
                    "ERR unknown subcommand or wrong number of arguments for '"
                            + call.text(1)
                            + "'. Try DEBUG HELP.");
        }
    }

    /** DEBUG POPULATE count [prefix] [size]. */
    private void populate(Call call) {
        requireNoTransaction(call);
        long count = positive(call, 2);
        byte[] prefix = call.count() > 3 ? call.request().bytes(3) : ascii("key");
        long size = call.count() > 4 ? positive(call, 4) : 0;
        probe.get().populate(call.database().index(), prefix, count, (int) size);
        call.reply().ok();
    }

    private static void requireNoTransaction(Call call) {
        if (call.inTransaction()) {
            throw WITHIN_TRANSACTION; // it takes locks that EXEC has not taken
        }
    }

    /** DEBUG REPLICATE word [word ...]. */
    private void replicate(Call call) {
        List<byte[]> words = new ArrayList<>();
        for (int i = 2; i < call.count(); i++) {
            words.add(call.request().bytes(i));
        }
        probe.get().replicate(words);
        call.reply().ok();
    }

    private void digestValues(Call call) {
        requireNoTransaction(call);
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            int database = call.database().index();
            call.reply().simple(ascii(probe.get().digest(database, call.request().bytes(i))));
        }
    }

    private void describe(Call call) {
        requireNoTransaction(call);
        String text = probe.get().describe(call.database().index(), call.request().bytes(2));
        if (text == null) {
            throw Errors.NO_SUCH_KEY;
        }
        call.reply().simple(ascii(text));
    }

    /** DEBUG QUICKLIST-PACKED-THRESHOLD size: larger elements of lists get a leaf of their own. */
    private void listLeafBytes(Call call) {
        try {
            long bytes = MemorySize.parse(call.text(2));
            if (bytes < 0 || bytes > MOST_LEAF_BYTES) {
                throw NOT_A_LEAF_SIZE;
            }
            probe.get().listLeafBytes(bytes);
        } catch (InvalidValue noMemorySize) {
            throw NOT_A_LEAF_SIZE;
        }
        call.reply().ok();
    }

    /** DEBUG RELOAD [MERGE] [NOFLUSH] [NOSAVE]. */
    private void reload(Call call) {
        requireNoTransaction(call);
        boolean merges = false;
        boolean flushes = true;
        boolean saves = true;
        for (int i = 2; i < call.count(); i++) {
            switch (call.text(i).toUpperCase(Locale.ROOT)) {
                case "MERGE" -> merges = true;
                case "NOFLUSH" -> flushes = false;
                case "NOSAVE" -> saves = false;
                default -> throw UNKNOWN_RELOAD_OPTION;
            }
        }
        try {
            probe.get().reload(saves, flushes, merges);
        } catch (IOException failed) {
            LOG.error("DEBUG RELOAD failed", failed);
            throw NOT_RELOADED;
        }
        call.reply().ok();
    }

    private void loadAppendOnly(Call call) {
        requireNoTransaction(call);
        try {
            probe.get().loadAppendOnly();
        } catch (IOException failed) {
            LOG.error("DEBUG LOADAOF failed", failed);
            throw NOT_LOADED;
        }
        LOG.info("Append Only File loaded by DEBUG LOADAOF");
        call.reply().ok();
    }

    private static long positive(Call call, int argument) {
        long value = call.integer(argument, Errors.NOT_POSITIVE);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw Errors.NOT_POSITIVE;
        }
        return value;
    }

    private static void sleep(Call call) {
        try {
            Thread.sleep((long) (seconds(call.text(2)) * 1000));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        call.reply().ok();
    }

    /** As {@code strtod}: what is no number is 0. */
    private static double seconds(String text) {
        try {
            return Math.clamp(Double.parseDouble(text), 0, Integer.MAX_VALUE);
        } catch (NumberFormatException noNumber) {
            return 0;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
