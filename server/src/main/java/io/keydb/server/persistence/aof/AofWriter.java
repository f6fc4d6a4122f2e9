package io.keydb.server.persistence.aof;

import io.keydb.server.log.LogReader;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.OrderedLog.LogCut;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.persistence.PersistenceDirectives.FsyncPolicy;
import io.keydb.server.support.Clock;
import io.keydb.server.support.LatencyEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the log and appends it to a file.
 *
 * <pre>
 *   log      | e e e e e e | e e e e e e e e
 *                   synced ^     ^ written    ^ position of the log
 * </pre>
 *
 * With {@code appendfsync always} everything that has come is written and synced at once, so one
 * sync serves all who wait (group commit). With {@code everysec} and {@code no} it writes what has
 * come within a millisecond or two. While the disk is slow the log keeps what is not written, and
 * nobody but those whom {@link ReplyHold} holds notices.
 *
 * <p>What cannot be written is told to the listener and tried again. A log that could not keep as
 * much as was missing ends the writer: the file then needs a new base.
 *
 * <p>Threads: the file and the reader belong to the writer's own thread; the volatile fields tell
 * any thread how far it is; {@link #rotateAt} and {@link #end} from any thread.
 */
final class AofWriter {
    private static final Logger LOG = LoggerFactory.getLogger(AofWriter.class);
    private static final long STAGED_BYTES = 256 * 1024;
    private static final long KEPT_BYTES = 1 << 20;
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long FOREVER = Long.MAX_VALUE;

    private @Nullable LogReader reader;
    private final AofForm.Entries entries;
    private final OffHeapBuffer staged;
    private final Settings settings;
    private final Listener listener;
    private final Clock clock;
    private final Thread thread;
    private volatile Increment file;

    /** Entries taken from the log. */
    private long taken;

    private long takenOffset;
    private long lastSyncNanos;
    private long lastTimestampSeconds;
    private volatile boolean hasFailed;
    private boolean isDirty;
    private volatile Position written = new Position(0, 0);
    private volatile Position synced = written;
    private volatile @Nullable Rotation rotation;
    private volatile long endAt = FOREVER;
    private volatile long syncAt;
    private volatile boolean isSyncing;
    private volatile boolean isOver;
    private long syncsDelayed;
    private volatile long delayedSyncs;

    /** How far something is. */
    record Position(long entries, long plainOffset) {}

    /** What the configuration says at present. */
    interface Settings {
        /** When to sync. */
        FsyncPolicy policy();

        /** Whether a base or a dump file is written at the same time. */
        boolean isAnotherFileWritten();

        /** Whether times are noted in the file. */
        boolean hasTimestamps();

        /** How long every write is held up, for tests. */
        long delayNanos();
    }

    /** Whoever has to know, also of slow disks; called on the writer's thread. */
    interface Listener extends LatencyEvents {
        /** More is written or synced than before. */
        void moved();

        /** Something could not be written; it is tried again. */
        void failed(IOException failure);

        /** What could not be written is written now. */
        void recovered();

        /** The log has something that only a base can have. */
        void needsBase();

        /** The writer has ended, because it was to, or because the log could not wait. */
        void ended(AofWriter writer);
    }

    /** To go over to another file. */
    interface Rotation {
        /** The number of entries that belong to the old file. */
        long position();

        /** Makes the new file; called on the writer's thread, again when it has failed. */
        Increment next() throws IOException;

        /** The new file is the present one. */
        void done();
    }

    AofWriter(
            Increment file,
            AofForm.Entries entries,
            Pages pages,
            Settings settings,
            Listener listener,
            Clock clock) {
        this.file = file;
        this.entries = entries;
        this.staged = new OffHeapBuffer(pages);
        this.settings = settings;
        this.listener = listener;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("aof").unstarted(this::run);
    }

    /** Writes what is appended to the log from now on. */
    void follow(OrderedLog log) {
        LogCut cut = log.openAtEnd(this::wake);
        reader = cut.reader();
        taken = cut.position();
        takenOffset = cut.plainOffset();
        lastSyncNanos = clock.nanos();
        written = new Position(taken, takenOffset);
        synced = written;
        thread.start();
    }

    /** There is something new, or something has changed. Any thread. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** What the file has, be it on the disk or not. */
    Position written() {
        return written;
    }

    /**
     * Waits until so many entries are in the file, be they on the disk or not.
     *
     * @throws IOException when they cannot be written
     */
    void awaitWritten(long position) throws IOException {
        while (written.entries() < position) {
            if (isOver || hasFailed) {
                throw new IOException("the append-only file cannot be written");
            }
            wake();
            LockSupport.parkNanos(GATHER_NANOS);
        }
    }

    /**
     * Brings what the log has up to here to the disk, whatever the configuration says.
     *
     * @throws IOException when that is not possible in this time
     */
    void awaitSynced(long position, long graceMillis) throws IOException {
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(graceMillis);
        syncAt = position;
        while (synced.entries() < position) {
            if (isOver || hasFailed || clock.nanos() > deadline) {
                throw new IOException("the append-only file cannot be brought to the disk");
            }
            wake();
            LockSupport.parkNanos(GATHER_NANOS);
        }
    }

    /** What is on the disk. */
    Position synced() {
        return synced;
    }

    /** Bytes of the present file. */
    long fileBytes() {
        return file.size();
    }

    boolean isSyncing() {
        return isSyncing;
    }

    /** How often a sync was begun late because the one before took so long. */
    long delayedSyncs() {
        return delayedSyncs;
    }

    /** Has it go over to another file as soon as it has written so many entries. */
    void rotateAt(Rotation next) {
        rotation = next;
        wake();
    }

    /** Whether it has ended. */
    boolean isOver() {
        return isOver;
    }

    /** Ends it when it has written and synced so many entries; it goes over to no other file. */
    void end(long position) {
        rotation = null;
        endAt = position;
        wake();
    }

    /** Waits for its end; gives whether it has come within the time. */
    boolean awaitEnd(long graceMillis) {
        try {
            return thread.join(Duration.ofMillis(graceMillis));
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        try (LogReader log = Objects.requireNonNull(reader)) {
            while (taken < endAt || !isEverythingSynced()) {
                log.arm();
                if (log.isOverrun()) {
                    LOG.warn("The append-only file is too far behind; it gets a new base");
                    break;
                }
                round(log);
            }
        } catch (RuntimeException | OutOfMemoryError bug) {
            LOG.error("The append-only file is no longer written; please report this", bug);
            listener.failed(new IOException(bug));
        } finally {
            isOver = true;
            close();
        }
    }

    private void round(LogReader log) {
        try {
            boolean isNew = write(log);
            if (isSyncDue()) {
                sync();
            }
            if (hasFailed) {
                hasFailed = false;
                listener.recovered();
            }
            rest(isNew);
        } catch (IOException failure) {
            hasFailed = true;
            listener.failed(failure);
            if (endAt != FOREVER) {
                giveUp(); // it will not get better before the end
            } else {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private boolean isEverythingSynced() {
        return staged.length() == 0 && !isDirty;
    }

    private void giveUp() {
        endAt = 0;
        isDirty = false;
        staged.clear();
    }

    /** Writes what is there; gives whether there was anything. */
    private boolean write(LogReader log) throws IOException {
        boolean isNew = false;
        rotateIfDue();
        while (next(log)) {
            isNew = true;
            if (staged.length() >= STAGED_BYTES) {
                flush();
            }
            rotateIfDue();
        }
        flush();
        return isNew;
    }

    private boolean next(LogReader log) {
        if (taken >= endAt || !log.next()) {
            return false;
        }
        taken++;
        takenOffset = log.plainOffset() + log.plainLength();
        long before = staged.length();
        boolean isTimed = settings.hasTimestamps() && timestamp();
        long commands = staged.length();
        entries.write(log, staged);
        if (staged.length() == commands) {
            staged.truncate(before); // a time without anything
        } else if (isTimed) {
            lastTimestampSeconds = clock.millis() / 1000;
        }
        if (entries.needBase()) {
            listener.needsBase();
        }
        return true;
    }

    private boolean timestamp() {
        long seconds = clock.millis() / 1000;
        if (seconds <= lastTimestampSeconds) {
            return false;
        }
        staged.append(annotation(seconds));
        return true;
    }

    /** The note of a time, in unix seconds. */
    static byte[] annotation(long seconds) {
        return ("#TS:" + seconds + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private void flush() throws IOException {
        if (staged.length() > 0) {
            if (settings.delayNanos() > 0) {
                LockSupport.parkNanos(settings.delayNanos());
            }
            long began = clock.nanos();
            file.write(staged);
            wrote(clock.nanos() - began);
            isDirty = true;
            if (staged.capacity() > KEPT_BYTES) {
                staged.close();
            }
            staged.clear();
        }
        if (written.entries() != taken) {
            written = new Position(taken, takenOffset);
            if (!isDirty) {
                synced = written; // what is new is nothing for the file
            }
            listener.moved();
        }
    }

    private void wrote(long nanos) {
        boolean isAlone = !settings.isAnotherFileWritten();
        listener.took(isAlone ? "aof-write-alone" : "aof-write-active-child", nanos);
        listener.took("aof-write", nanos);
    }

    private void rotateIfDue() throws IOException {
        Rotation due = rotation;
        if (due == null || taken < due.position()) {
            return;
        }
        flush();
        if (isDirty) {
            sync();
        }
        Increment next = due.next();
        file.close();
        file = next;
        entries.restart();
        lastTimestampSeconds = 0;
        rotation = null;
        due.done();
    }

    private boolean isSyncDue() {
        if (!isDirty) {
            return false;
        }
        return taken >= endAt
                || synced.entries() < syncAt
                || switch (settings.policy()) {
                    case ALWAYS -> true;
                    case EVERYSEC -> clock.nanos() - lastSyncNanos >= SECOND;
                    case NO -> false;
                };
    }

    private void sync() throws IOException {
        Position reached = written;
        lastSyncNanos = clock.nanos();
        isSyncing = true;
        try {
            file.sync();
        } finally {
            isSyncing = false;
        }
        long took = clock.nanos() - lastSyncNanos;
        if (took > 2 * SECOND) {
            delayedSyncs = ++syncsDelayed;
        }
        if (settings.policy() == FsyncPolicy.ALWAYS) {
            listener.took("aof-fsync-always", took);
        }
        isDirty = false;
        synced = reached;
        listener.moved();
    }

    private void rest(boolean wasNew) {
        FsyncPolicy policy = settings.policy();
        if (wasNew && policy == FsyncPolicy.ALWAYS) {
            return;
        }
        if (wasNew && endAt == FOREVER) {
            gather();
        } else if (isDirty && policy == FsyncPolicy.EVERYSEC) {
            long left = SECOND - (clock.nanos() - lastSyncNanos);
            LockSupport.parkNanos(Math.max(1, left));
        } else if (taken < endAt) {
            LockSupport.park();
        }
    }

    /** Lets a little more come, so that not every write costs a system call. */
    private static void gather() {
        try {
            TimeUnit.NANOSECONDS.sleep(GATHER_NANOS);
        } catch (InterruptedException unwanted) {
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        entries.close();
        staged.close();
        try {
            file.close();
        } catch (IOException failure) {
            LOG.warn("Closing {} failed: {}", file.path(), failure.getMessage());
        }
        listener.ended(this);
    }
}
