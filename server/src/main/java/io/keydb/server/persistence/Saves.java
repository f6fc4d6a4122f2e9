package io.keydb.server.persistence;

import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.keyspace.snapshot.SnapshotException;
import io.keydb.server.support.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writing the dump file: when somebody asks for it, when a save point is due, and in the end.
 *
 * <p>A file shows the data of one instant and is written while clients go on; there is no fork. One
 * file is written at a time.
 *
 * <p>Threads: safe; state changes hold the monitor. A file in the background has a thread of its
 * own.
 */
public final class Saves {
    private static final Logger LOG = LoggerFactory.getLogger(Saves.class);
    private static final long MILLIS = 1000;

    /** After a failure a save point waits so long before it tries again. */
    private static final long RETRY_SECONDS = 5;

    private static final int MOST_TRIES = 10;

    private final Parts parts;
    private final Setting<List<SavePoint>> savePoints;
    private volatile @Nullable Run running;
    private volatile long lastSaveMillis;
    private volatile long lastTryMillis;
    private volatile boolean lastFailed;
    private volatile long lastSeconds = -1;
    private volatile long changesSaved;
    private volatile long saves;
    private volatile boolean isScheduled;

    /** What saves build on; {@code changes} counts the changes of the data since the start. */
    public record Parts(
            Configuration configuration,
            Supplier<Path> directory,
            DataForm form,
            Conditions conditions,
            LongSupplier changes,
            LongSupplier keys,
            Clock clock) {}

    /** One file that is being written. */
    private static final class Run {
        private final CountDownLatch cut = new CountDownLatch(1);
        private final long startMillis;
        private final boolean inBackground;
        private volatile long changesAtCut;
        private volatile long keys;
        private volatile long keysTotal;
        private volatile boolean isCancelled;
        private volatile boolean isToFail;

        private Run(long startMillis, boolean inBackground) {
            this.startMillis = startMillis;
            this.inBackground = inBackground;
        }
    }

    public Saves(Parts parts) {
        this.parts = parts;
        Configuration configuration = parts.configuration();
        this.savePoints = configuration.setting(PersistenceDirectives.SAVE);
        this.lastSaveMillis = parts.clock().millis();
        configuration.onChange(
                this::updateCondition,
                PersistenceDirectives.SAVE,
                PersistenceDirectives.STOP_WRITES_ON_BGSAVE_ERROR);
    }

    /** Where the dump file is. */
    public Path file() {
        return parts.directory()
                .get()
                .resolve(parts.configuration().value(PersistenceDirectives.DBFILENAME));
    }

    /** Whether the end of the server writes a file. */
    public boolean hasSavePoints() {
        return !savePoints.value().isEmpty();
    }

    public boolean isRunning() {
        return running != null;
    }

    /** Unix milliseconds of the last complete file, or of the start. */
    public long lastSaveMillis() {
        return lastSaveMillis;
    }

    /** Whether the last file in the background could not be written, and none since. */
    public boolean hasFailed() {
        return lastFailed;
    }

    /** Seconds that the last file took, -1 before there was one. */
    public long lastSeconds() {
        return lastSeconds;
    }

    /** Seconds since the present file was begun, -1 when there is none. */
    public long currentSeconds() {
        Run run = running;
        return run == null ? -1 : (parts.clock().millis() - run.startMillis) / MILLIS;
    }

    /** Keys of the present file that are written. */
    public long currentKeys() {
        Run run = running;
        return run == null ? 0 : run.keys;
    }

    /** Keys that the present file will have. */
    public long currentKeysTotal() {
        Run run = running;
        return run == null ? 0 : run.keysTotal;
    }

    /** Files written since the start. */
    public long count() {
        return saves;
    }

    /** Changes of the data that the last file does not have. */
    public long unsavedChanges() {
        return Math.max(0, parts.changes().getAsLong() - changesSaved);
    }

    /** What is there now is what the file holds: it was just loaded. */
    void loaded() {
        changesSaved = parts.changes().getAsLong();
        lastSaveMillis = parts.clock().millis();
    }

    /** All data were replaced by those of a file. */
    public void forgetChanges() {
        changesSaved = parts.changes().getAsLong();
    }

    /** Lets the next {@link #tick} begin a file as soon as nothing else is written. */
    void schedule() {
        isScheduled = true;
    }

    /**
     * Begins a file in the background, of the data as they are when this returns; false when one is
     * being written.
     */
    public boolean begin() {
        Run run = enter(true);
        if (run == null) {
            return false;
        }
        Thread.ofPlatform().daemon().name("save").start(() -> writeQuietly(run));
        try {
            run.cut.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /**
     * Writes a file and returns when it is complete. Whoever asks hears of a failure; it is no
     * state of the server.
     *
     * @throws IllegalStateException when one is being written
     */
    public void now() throws IOException {
        Run run = enter(false);
        if (run == null) {
            throw new IllegalStateException("a file is being written");
        }
        write(run);
    }

    /**
     * Writes a file in the place of one that is being written, and returns when it is complete;
     * begins anew when all data are replaced meanwhile.
     */
    void instead() throws IOException {
        for (int tries = 1; ; tries++) {
            cancel();
            try {
                now();
                return;
            } catch (IllegalStateException begunMeanwhile) {
                LOG.info("The dump file is begun anew: another one was begun");
            } catch (SnapshotException overtaken) {
                if (tries == MOST_TRIES) {
                    throw overtaken;
                }
            }
        }
    }

    /** The process ends at once: removes what is written halfway. */
    void abandon() {
        DumpFile.removeTemporary(file());
    }

    private synchronized @Nullable Run enter(boolean inBackground) {
        if (running != null) {
            return null;
        }
        isScheduled = false;
        Run run = new Run(parts.clock().millis(), inBackground);
        lastTryMillis = run.startMillis;
        running = run;
        return run;
    }

    /** Ends what is being written; the file that was there stays. Waits for its end. */
    public synchronized void cancel() {
        Run run = running;
        if (run == null) {
            return;
        }
        run.isCancelled = true;
        boolean interrupted = false;
        while (running == run) {
            try {
                wait();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has what is being written in the background fail, as it does when the disk is full. */
    void fail() {
        Run run = running;
        if (run != null && run.inBackground) {
            run.isToFail = true;
        }
    }

    private void writeQuietly(Run run) {
        try {
            write(run);
        } catch (IOException told) {
            // write has logged it and keeps it as the state
        }
    }

    private void write(Run run) throws IOException {
        Configuration configuration = parts.configuration();
        DumpFile.Options options =
                new DumpFile.Options(
                        configuration.value(PersistenceDirectives.RDBCOMPRESSION),
                        configuration.value(PersistenceDirectives.RDBCHECKSUM),
                        configuration.value(PersistenceDirectives.RDB_SAVE_INCREMENTAL_FSYNC));
        KeyDelay delay =
                new KeyDelay(
                        parts.clock(),
                        configuration.setting(PersistenceDirectives.RDB_KEY_SAVE_DELAY),
                        () -> run.isCancelled || run.isToFail);
        Path file = file();
        try {
            DumpFile.Written written =
                    DumpFile.write(
                            file,
                            parts.form(),
                            options,
                            () -> atCut(run),
                            keys -> keysDone(run, delay, keys));
            LOG.info("DB saved on disk: {} keys, {} bytes", written.keys(), written.bytes());
            ended(run, null);
        } catch (CancelledException cancelled) {
            LOG.info("Writing the dump file was ended before it was complete");
            leave(run);
            throw cancelled;
        } catch (SnapshotException overtaken) {
            // the data were replaced under it; as after any flush, save points want a file of that
            LOG.info("Writing the dump file was ended: {}", overtaken.getMessage());
            leave(run);
            if (hasSavePoints()) {
                schedule();
            }
            throw overtaken;
        } catch (IOException failed) {
            LOG.error("Writing the dump file {} failed: {}", file, failed.toString());
            ended(run, failed);
            throw failed;
        } finally {
            leave(run);
        }
    }

    private void atCut(Run run) {
        run.changesAtCut = parts.changes().getAsLong();
        run.keysTotal = parts.keys().getAsLong();
        run.cut.countDown();
    }

    private static void keysDone(Run run, KeyDelay delay, long keys) throws IOException {
        run.keys += keys;
        delay.keysDone(keys);
        if (run.isCancelled) {
            throw new CancelledException();
        }
        if (run.isToFail) {
            throw new IOException("ended by DEBUG FAIL-SAVES");
        }
    }

    private synchronized void ended(Run run, @Nullable IOException failure) {
        long now = parts.clock().millis();
        lastSeconds = (now - run.startMillis) / MILLIS;
        lastFailed = failure != null && (run.inBackground || lastFailed);
        if (failure == null) {
            changesSaved = run.changesAtCut;
            lastSaveMillis = now;
            saves++;
        }
        updateCondition();
    }

    private synchronized void leave(Run run) {
        run.cut.countDown();
        if (running == run) {
            running = null;
            notifyAll();
        }
    }

    private void updateCondition() {
        boolean refuses =
                lastFailed
                        && hasSavePoints()
                        && parts.configuration()
                                .value(PersistenceDirectives.STOP_WRITES_ON_BGSAVE_ERROR);
        parts.conditions().set(Condition.SAVE_FAILED, refuses);
    }

    /**
     * Begins a file when a save point is due. From time to time, as the cron runs.
     *
     * @param mayBegin whether nothing else is being written
     */
    void tick(boolean mayBegin) {
        if (isRunning() || !mayBegin) {
            return;
        }
        long now = parts.clock().millis();
        if (isScheduled && (now - lastTryMillis > RETRY_SECONDS * MILLIS || !lastFailed)) {
            begin();
            return;
        }
        long age = (now - lastSaveMillis) / MILLIS;
        long changes = unsavedChanges();
        for (SavePoint point : savePoints.value()) {
            if (point.isDue(age, changes)
                    && (!lastFailed || now - lastTryMillis > RETRY_SECONDS * MILLIS)) {
                LOG.info("{} changes in {} seconds. Saving...", point.changes(), point.seconds());
                begin();
                return;
            }
        }
    }

    /** Somebody has ended it. */
    private static final class CancelledException extends IOException {
        private static final long serialVersionUID = 1;

        private CancelledException() {
            super("ended before it was complete");
        }
    }
}
