package io.keydb.server.persistence;

import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writing and reading whole dump files.
 *
 * <p>Threads: safe; each file has one writer at a time.
 */
final class DumpFile {
    private static final Logger LOG = LoggerFactory.getLogger(DumpFile.class);
    private static final int PIECE = 64 * 1024;

    private DumpFile() {}

    /** How a file is written. */
    record Options(boolean compresses, boolean sums, boolean isSyncedInSteps) {}

    /** What was written. */
    record Written(long keys, long bytes) {}

    /**
     * Writes all data; the file is complete and on the disk when this returns.
     *
     * @param atCut runs at the instant of which the data are
     */
    static Written write(
            Path file, DataForm form, Options options, Runnable atCut, DataForm.Pace pace)
            throws IOException {
        try (FileSink sink = FileSink.create(temporary(file), options.isSyncedInSteps())) {
            long keys = form.write(sink, options.compresses(), options.sums(), atCut, pace);
            sink.publish(file);
            return new Written(keys, sink.written());
        }
    }

    /** The name that stock servers use, too, for a file of their own process. */
    private static Path temporary(Path file) {
        return file.resolveSibling("temp-" + ProcessHandle.current().pid() + ".rdb");
    }

    /** Removes what this process has not completed of a file beside this one. */
    static void removeTemporary(Path file) {
        try {
            Files.deleteIfExists(temporary(file));
        } catch (IOException failed) {
            LOG.warn("An incomplete dump file is left: {}", failed.toString());
        }
    }

    /**
     * Loads all data of a file.
     *
     * @param progress is told how many bytes have been read
     * @return number of keys
     * @throws DataFileException when the file is damaged; what came before the damage is loaded
     */
    static long load(
            Path file, DataForm form, Pages pages, DataForm.Pace pace, LoadProgress progress)
            throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return load(in, file, form, pages, pace, progress);
        }
    }

    private static long load(
            InputStream in,
            Path file,
            DataForm form,
            Pages pages,
            DataForm.Pace pace,
            LoadProgress progress)
            throws IOException {
        try (DataForm.Loading loading = form.load(true);
                RdbReader reader = new RdbReader(pages, loading.visitor(), Integer.MAX_VALUE)) {
            long[] seen = new long[2]; // bytes and keys so far
            feed(
                    in,
                    reader,
                    pages,
                    length -> {
                        seen[0] += length;
                        progress.read(seen[0]);
                        pace.keysDone(loading.keys() - seen[1]);
                        seen[1] = loading.keys();
                    });
            if (!reader.isDone()) {
                throw new DataFileException(
                        "Short read or OOM loading DB. Unrecoverable error, aborting now: the dump"
                                + " file "
                                + file
                                + " ends too early");
            }
            loading.complete();
            progress.expired(loading.expiredKeys());
            return loading.keys();
        } catch (RdbException damaged) {
            throw new DataFileException(
                    "Bad file format reading the dump file " + file + ": " + damaged.getMessage(),
                    damaged);
        }
    }

    /** Is told after each piece of a file how long it was. */
    interface PieceListener {
        void read(int length) throws IOException;
    }

    /** Gives the reader a file piece by piece, until either ends. */
    static void feed(InputStream in, RdbReader reader, Pages pages, PieceListener listener)
            throws IOException, RdbException {
        byte[] piece = new byte[PIECE];
        try (OffHeapBuffer bytes = new OffHeapBuffer(pages)) {
            for (int length = in.read(piece);
                    length > 0 && !reader.isDone();
                    length = in.read(piece)) {
                bytes.clear();
                bytes.append(piece, 0, length);
                reader.feed(bytes.address(), length);
                listener.read(length);
            }
        }
    }
}
