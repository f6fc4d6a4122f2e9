package io.keydb.server.persistence.aof;

import io.keydb.server.command.Dispatcher;
import io.keydb.server.config.Configuration;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.DataFileException;
import io.keydb.server.persistence.DataForm;
import io.keydb.server.persistence.KeyDelay;
import io.keydb.server.persistence.LoadProgress;
import io.keydb.server.persistence.PersistenceDirectives;
import io.keydb.server.persistence.aof.AofManifest.Part;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbReader;
import io.keydb.server.support.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the files of a manifest: the base, then what was written since.
 *
 * <p>A file that ends within a command, or within a transaction, was being written when the machine
 * failed: it is cut behind what is complete, if it is the last one and {@code aof-load-truncated}
 * allows it. Any other damage ends loading with the offset of the damage.
 *
 * <p>Threads: confined to the thread that loads; takes the locks of the keys, of plain nodes for
 * many commands at once.
 */
final class AofLoader {
    private static final Logger LOG = LoggerFactory.getLogger(AofLoader.class);
    private static final byte[] RDB_MAGIC = {'R', 'E', 'D', 'I', 'S'};
    private static final int PIECE = 128 * 1024;
    private static final int COMMANDS_UNDER_LOCK = 1024;

    private final Parts parts;
    private final KeyDelay delay;
    private long bytesBefore;
    private long keys;
    private boolean isForeign;

    /** What loading builds on. */
    record Parts(
            Configuration configuration,
            Keyspace keyspace,
            DataForm data,
            AofForm form,
            Dispatcher dispatcher,
            LoadProgress progress,
            Clock clock) {}

    AofLoader(Parts parts) {
        this.parts = parts;
        this.delay =
                new KeyDelay(
                        parts.clock(),
                        parts.configuration().setting(PersistenceDirectives.KEY_LOAD_DELAY),
                        () -> false);
    }

    /**
     * Whether the files are of another kind of node, so that what is written from now on cannot go
     * on with them.
     */
    boolean isForeign() {
        return isForeign;
    }

    /** Keys of the base. */
    long keys() {
        return keys;
    }

    /**
     * Loads everything.
     *
     * @throws DataFileException says what is wrong; what came before it is loaded
     */
    void load(AofDirectory directory) throws IOException {
        List<Part> files = directory.manifest().parts();
        for (Part file : files) {
            if (!Files.exists(directory.path(file))) {
                throw new DataFileException(
                        "The append log file "
                                + directory.path(file)
                                + " can't be loaded: No such file or directory");
            }
        }
        for (int i = 0; i < files.size(); i++) {
            long start = parts.clock().millis();
            load(directory.path(files.get(i)), i == files.size() - 1);
            LOG.info(
                    "DB loaded from {} file {}: {} ms",
                    files.get(i).equals(directory.manifest().base()) ? "base" : "incr",
                    files.get(i).name(),
                    parts.clock().millis() - start);
        }
    }

    private void load(Path path, boolean isLast) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(PIECE);
            if (isRdb(start)) {
                loadWithPreamble(path, in, start, isLast);
            } else {
                loadCommands(path, new Pushed(start, 0, start.length, in), 0, isLast);
            }
        }
        bytesBefore += Files.size(path);
        parts.progress().read(bytesBefore);
    }

    private static boolean isRdb(byte[] start) {
        return start.length >= RDB_MAGIC.length
                && Arrays.equals(start, 0, RDB_MAGIC.length, RDB_MAGIC, 0, RDB_MAGIC.length);
    }

    private void loadWithPreamble(Path path, InputStream in, byte[] start, boolean isLast)
            throws IOException {
        long offset = 0;
        byte[] piece = start;
        int length = start.length;
        int taken = 0;
        try (DataForm.Loading loading = parts.data().load(false);
                RdbReader reader =
                        new RdbReader(
                                parts.keyspace().pages(), loading.visitor(), Integer.MAX_VALUE);
                OffHeapBuffer bytes = new OffHeapBuffer(parts.keyspace().pages())) {
            while (length > 0) {
                bytes.clear();
                bytes.append(piece, 0, length);
                taken = Math.toIntExact(reader.feed(bytes.address(), length));
                offset += taken;
                long keysBefore = keys;
                keys = loading.keys();
                delay.keysDone(keys - keysBefore);
                parts.progress().read(bytesBefore + offset);
                if (reader.isDone()) {
                    break;
                }
                length = in.read(piece);
            }
            if (!reader.isDone()) {
                throw new DataFileException("the file ends too early");
            }
            loading.complete();
            isForeign |= loading.isForeign();
        } catch (RdbException | DataFileException damaged) {
            throw new DataFileException(
                    "Error reading the RDB base file "
                            + path
                            + ", AOF loading aborted: "
                            + damaged.getMessage()
                            + ", after offset "
                            + offset,
                    damaged);
        }
        loadCommands(path, new Pushed(piece, taken, length, in), offset, isLast);
    }

    private void loadCommands(Path path, InputStream in, long from, boolean isLast)
            throws IOException {
        long valid = from;
        try (AofScanner scanner = new AofScanner(in, from, parts.keyspace().pages());
                AofReplay replay =
                        new AofReplay(parts.keyspace(), parts.dispatcher(), parts.form())) {
            try {
                AofScanner.Found found = AofScanner.Found.COMMAND;
                while (found != AofScanner.Found.END && found != AofScanner.Found.TRUNCATED) {
                    found = replayMany(scanner, replay);
                    parts.progress().read(bytesBefore + scanner.endOffset());
                }
                valid = replay.isWithinTransaction() ? replay.validBytes() : scanner.endOffset();
                isForeign |= replay.isForeign();
                if (found == AofScanner.Found.TRUNCATED || replay.isWithinTransaction()) {
                    if (replay.isWithinTransaction()) {
                        LOG.warn("Revert incomplete MULTI/EXEC transaction in AOF file {}", path);
                    }
                    cut(path, valid, isLast);
                }
            } catch (AofScanner.FormatException damaged) {
                throw new DataFileException(
                        "Bad file format reading the append only file "
                                + path
                                + " at offset "
                                + scanner.offset()
                                + ": "
                                + damaged.getMessage()
                                + ". Make a backup of your AOF file, then use ./keydb check-aof"
                                + " --fix <filename.manifest>",
                        damaged);
            }
        }
    }

    private AofScanner.Found replayMany(AofScanner scanner, AofReplay replay)
            throws IOException, AofScanner.FormatException {
        Keyspace keyspace = parts.keyspace();
        boolean locksAll = !keyspace.isStamped();
        if (locksAll) {
            keyspace.lock(keyspace.allPartitions(), Partition.BEFORE_ANY_EXPIRY);
        }
        try {
            AofScanner.Found found = AofScanner.Found.COMMAND;
            for (int i = 0; i < COMMANDS_UNDER_LOCK && !isEnd(found); i++) {
                found = scanner.next();
                if (found == AofScanner.Found.COMMAND) {
                    replay.command(scanner.address(), scanner.length(), scanner.offset());
                    delay.keysDone(1);
                }
            }
            return found;
        } finally {
            if (locksAll) {
                keyspace.unlock(keyspace.allPartitions());
            }
        }
    }

    private static boolean isEnd(AofScanner.Found found) {
        return found == AofScanner.Found.END || found == AofScanner.Found.TRUNCATED;
    }

    /** The file ends in the middle of something. */
    private void cut(Path path, long valid, boolean isLast) throws IOException {
        if (!parts.configuration().value(PersistenceDirectives.AOF_LOAD_TRUNCATED)) {
            throw new DataFileException(
                    "Unexpected end of file reading the append only file "
                            + path
                            + " after offset "
                            + valid
                            + ". You can: 1) Make a backup of your AOF file, then use ./keydb"
                            + " check-aof --fix <filename.manifest>. 2) Alternatively you can set"
                            + " the 'aof-load-truncated' configuration option to yes and restart"
                            + " the server.");
        }
        if (!isLast) {
            throw new DataFileException(
                    "Fatal error: the truncated file is not the last file: "
                            + path
                            + " ends within a command that begins at offset "
                            + valid);
        }
        LOG.warn("!!! Warning: short read while loading the AOF file {}!!!", path);
        LOG.warn("!!! Truncating the AOF {} at offset {} !!!", path, valid);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(valid);
            channel.force(true);
        }
        LOG.warn("AOF {} loaded anyway because aof-load-truncated is enabled", path);
    }

    /** A stream some bytes of which have been read too early. */
    private static final class Pushed extends InputStream {
        private final byte[] early;
        private int at;
        private final int end;
        private final InputStream rest;

        private Pushed(byte[] early, int at, int end, InputStream rest) {
            this.early = early;
            this.at = at;
            this.end = end;
            this.rest = rest;
        }

        @Override
        public int read() throws IOException {
            return at < end ? early[at++] & 0xff : rest.read();
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (at >= end) {
                return rest.read(to, offset, length);
            }
            int count = Math.min(length, end - at);
            System.arraycopy(early, at, to, offset, count);
            at += count;
            return count;
        }
    }
}
