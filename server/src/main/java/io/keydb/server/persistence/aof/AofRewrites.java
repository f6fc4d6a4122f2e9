package io.keydb.server.persistence.aof;

import io.keydb.server.config.Configuration;
import io.keydb.server.keyspace.snapshot.SnapshotException;
import io.keydb.server.persistence.DataForm;
import io.keydb.server.persistence.FileSink;
import io.keydb.server.persistence.KeyDelay;
import io.keydb.server.persistence.PersistenceDirectives;
import io.keydb.server.persistence.aof.AofManifest.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Making the append-only file short again: a new base of the data of one instant, written while
 * clients go on, and at the same instant a new increment.
 *
 * <pre>
 *   writer    incr 4 ──────────┤ cut ├── incr 5 ───────────────────►
 *   rewrite                    │ base 3, from a snapshot ──┤
 *   manifest  base 2, incr 4   │ base 2, incr 4, incr 5    │ base 3, incr 5
 * </pre>
 *
 * The manifest is right at every moment. One rewrite runs at a time, and none beside a dump file.
 *
 * <p>Threads: safe; the state is changed under the monitor. Each rewrite has a thread of its own.
 */
public final class AofRewrites {
    private static final Logger LOG = LoggerFactory.getLogger(AofRewrites.class);
    private static final long MILLIS = 1000;
    private static final long PID = ProcessHandle.current().pid();

    private final AppendOnlyFile.Parts parts;
    private final AppendOnlyFile file;
    private final RewriteBackoff backoff;
    private volatile @Nullable Run running;
    private volatile boolean isScheduled;
    private volatile long count;
    private volatile long lastSeconds = -1;
    private volatile long bytesWithoutPresent;
    private volatile long baseBytes;

    /** One rewrite. */
    private final class Run implements AofWriter.Rotation {
        private final CountDownLatch rotated = new CountDownLatch(1);
        private final AofDirectory directory;
        private final long startMillis = parts.clock().millis();
        private @Nullable Increment anew;
        private @Nullable Part first;
        private long position;
        private volatile boolean isCancelled;
        private volatile boolean isToFail;

        private Run(AofDirectory directory) {
            this.directory = directory;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public Increment next() throws IOException {
            Part part = directory.nextIncrement();
            Increment next = Increment.create(directory.path(part));
            directory.add(part);
            LOG.info("Creating AOF incr file {} on background rewrite", part.name());
            first = part;
            return next;
        }

        @Override
        public void done() {
            rotated.countDown();
        }
    }

    AofRewrites(AppendOnlyFile.Parts parts, AppendOnlyFile file) {
        this.parts = parts;
        this.file = file;
        this.backoff = new RewriteBackoff(parts.clock());
    }

    /** Whether a rewrite runs. */
    public boolean isRunning() {
        return running != null;
    }

    /** Whether one is going to be begun. */
    public boolean isScheduled() {
        return isScheduled;
    }

    long count() {
        return count;
    }

    int failuresInARow() {
        return backoff.failuresInARow();
    }

    /** Seconds of the last one, -1 before there was one. */
    long lastSeconds() {
        return lastSeconds;
    }

    /** Seconds since the present one was begun, -1 when there is none. */
    long currentSeconds() {
        Run run = running;
        return run == null ? -1 : (parts.clock().millis() - run.startMillis) / MILLIS;
    }

    /** Bytes of all files. */
    long bytes() {
        AofWriter writer = file.writer();
        return bytesWithoutPresent + (writer == null ? 0 : writer.fileBytes());
    }

    /** Bytes of all files after the last rewrite. */
    long baseBytes() {
        return baseBytes;
    }

    /** What was loaded is so long. */
    void loaded(long bytes) {
        AofWriter writer = file.writer();
        bytesWithoutPresent = bytes - (writer == null ? 0 : writer.fileBytes());
        baseBytes = bytesWithoutPresent;
    }

    /** Has one begun as soon as nothing else is written. */
    public void schedule() {
        isScheduled = true;
    }

    /**
     * Begins one in the background; when something else is being written it is begun afterwards.
     *
     * @return whether it has begun
     */
    public boolean begin() {
        Run run = enter();
        if (run == null) {
            return false;
        }
        Thread.ofPlatform().daemon().name("aof-rewrite").start(() -> rewriteQuietly(run));
        return true;
    }

    /** Does one and returns when it is complete. */
    void now() throws IOException {
        Run run = enter();
        if (run == null) {
            throw new IOException("a file is being written");
        }
        rewrite(run);
    }

    private synchronized @Nullable Run enter() {
        if (running != null || parts.otherFile().getAsBoolean()) {
            isScheduled = true;
            return null;
        }
        isScheduled = false;
        try {
            Run run = new Run(file.directory());
            running = run;
            return run;
        } catch (IOException unreadable) {
            LOG.error("The append-only file cannot be rewritten: {}", unreadable.getMessage());
            backoff.failed();
            return null;
        }
    }

    /** Ends the one that runs; the files stay as they are. */
    void cancel() {
        isScheduled = false;
        Run run = running;
        if (run != null) {
            LOG.info("Killing running AOF rewrite child");
            run.isCancelled = true;
            run.rotated.countDown();
        }
    }

    /** Has the one that runs fail behind its cut, as it does when the disk is full. */
    public void fail() {
        Run run = running;
        if (run != null) {
            run.isToFail = true;
        }
    }

    private void rewriteQuietly(Run run) {
        try {
            rewrite(run);
        } catch (IOException told) {
            // rewrite has logged it and keeps it as the state
        }
    }

    private void rewrite(Run run) throws IOException {
        boolean isAnew = false;
        try {
            isAnew = prepare(run);
            write(run);
            succeeded(run, isAnew);
        } catch (SnapshotException overtaken) {
            // the data were replaced under it; what is there now is worth a base of its own
            LOG.info("The rewrite of the AOF is begun anew: {}", overtaken.getMessage());
            schedule();
            throw overtaken;
        } catch (IOException failure) {
            if (!run.isCancelled) {
                LOG.error("Background AOF rewrite failed: {}", failure.toString());
                backoff.failed();
                if (isAnew) {
                    schedule();
                }
            }
            if (isAnew) {
                file.drop();
                removeUnused(run);
            }
            throw failure;
        } finally {
            leave(run);
        }
    }

    /** Without its base an increment is of no use; the manifest does not name it. */
    private void removeUnused(Run run) throws IOException {
        Part increment = run.first;
        if (increment != null) {
            file.awaitDropped();
            LOG.info("Removing the temp incr aof file {} in the background", increment.name());
            Files.deleteIfExists(run.directory.path(increment));
        }
    }

    /** Makes the file for what comes behind the cut, when nothing has been written so far. */
    private boolean prepare(Run run) throws IOException {
        Files.createDirectories(run.directory.folder());
        if (!file.isOn() || file.writer() != null) {
            return false;
        }
        file.awaitDropped(); // it may still write a file of the same name
        Part part = run.directory.nextIncrement();
        run.anew = Increment.create(run.directory.path(part));
        run.first = part;
        return true;
    }

    private void write(Run run) throws IOException {
        Configuration configuration = parts.configuration();
        KeyDelay delay =
                new KeyDelay(
                        parts.clock(),
                        configuration.setting(PersistenceDirectives.RDB_KEY_SAVE_DELAY),
                        () -> run.isCancelled || run.isToFail);
        DataForm.Pace pace =
                keys -> {
                    delay.keysDone(keys);
                    requireWanted(run);
                };
        Path temporary = run.directory.folder().resolve("temp-rewriteaof-bg-" + PID + ".aof");
        boolean steps = configuration.value(PersistenceDirectives.AOF_REWRITE_INCREMENTAL_FSYNC);
        boolean prefersRdb = configuration.value(PersistenceDirectives.AOF_USE_RDB_PREAMBLE);
        DataForm.CommandForm commands = prefersRdb ? null : parts.data().asCommands();
        try (FileSink sink = FileSink.create(temporary, steps)) {
            if (commands == null) {
                parts.data()
                        .write(
                                sink,
                                configuration.value(PersistenceDirectives.RDBCOMPRESSION),
                                configuration.value(PersistenceDirectives.RDBCHECKSUM),
                                () -> atCut(run),
                                pace);
            } else {
                if (configuration.value(PersistenceDirectives.AOF_TIMESTAMP_ENABLED)) {
                    byte[] time = AofWriter.annotation(parts.clock().millis() / MILLIS);
                    sink.write(time, 0, time.length);
                }
                commands.writeCommands(sink, () -> atCut(run), pace);
            }
            requireWanted(run);
            Part base = run.directory.nextBase(commands == null);
            sink.publish(run.directory.path(base));
            awaitRotation(run);
            requireWanted(run);
            run.directory.rewritten(base, run.first);
            removeHistory();
            bytesWithoutPresent = sink.written();
        }
    }

    private void atCut(Run run) {
        Increment anew = run.anew;
        AofWriter writer = file.writer();
        if (anew != null) {
            file.follow(anew);
            run.rotated.countDown();
        } else if (writer != null) {
            parts.log()
                    .atPosition(
                            position -> {
                                run.position = position;
                                writer.rotateAt(run);
                            });
        } else {
            run.rotated.countDown();
        }
    }

    private static void awaitRotation(Run run) throws IOException {
        try {
            run.rotated.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopping);
        }
    }

    /** Removes files that are no longer needed. */
    void removeHistory() throws IOException {
        if (!parts.configuration().value(PersistenceDirectives.AOF_DISABLE_AUTO_GC)) {
            file.directory().removeHistory();
        }
    }

    private static void requireWanted(Run run) throws IOException {
        if (run.isCancelled) {
            throw new IOException("ended before it was complete");
        }
        if (run.isToFail && run.rotated.getCount() == 0) {
            throw new IOException("ended by DEBUG FAIL-SAVES");
        }
    }

    private synchronized void succeeded(Run run, boolean isAnew) {
        count++;
        backoff.succeeded();
        lastSeconds = (parts.clock().millis() - run.startMillis) / MILLIS;
        baseBytes = bytes();
        if (isAnew) {
            file.complete();
        }
        LOG.info("Background AOF rewrite finished successfully");
    }

    private synchronized void leave(Run run) {
        if (running == run) {
            running = null;
        }
    }

    /** Begins one that was asked for, or that the length of the files asks for. */
    void tick() {
        if (running != null || parts.otherFile().getAsBoolean()) {
            return;
        }
        long growth = isScheduled ? 0 : growthPercent();
        if (growth >= 0 && !backoff.hasToWait()) {
            if (!isScheduled) {
                LOG.info("Starting automatic rewriting of AOF on {}% growth", growth);
            }
            begin();
        }
    }

    /** By how much the files have grown since the last one; -1 when that is not too much. */
    private long growthPercent() {
        Configuration configuration = parts.configuration();
        long percent = configuration.value(PersistenceDirectives.AUTO_AOF_REWRITE_PERCENTAGE);
        long bytes = bytes();
        if (file.writer() == null
                || percent == 0
                || bytes <= configuration.value(PersistenceDirectives.AUTO_AOF_REWRITE_MIN_SIZE)) {
            return -1;
        }
        long growth = bytes * 100 / Math.max(1, baseBytes) - 100;
        return growth < percent ? -1 : growth;
    }
}
