package io.keydb.server.log;

import io.keydb.server.memory.Memory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One reader's place in the log. While it is open the log keeps everything behind it; when that
 * grows past what the log may keep for slow readers, {@link #isOverrun()} becomes true and the
 * owner must close it.
 *
 * <p>Threads: confined to the thread of its owner, except that the log's lock guards opening and
 * trimming.
 */
public final class LogReader implements AutoCloseable {
    private final OrderedLog log;
    private final Runnable wake;
    private int position;
    private long entry;
    private @Nullable LogEnd end;
    private volatile @Nullable LogBlock block;
    private volatile boolean signalled;
    private volatile boolean overrun;

    LogReader(OrderedLog log, LogBlock block, int position, Runnable wake) {
        this.log = log;
        this.block = block;
        this.position = position;
        this.wake = wake;
    }

    /** Moves to the next entry; false when there is none yet. */
    public boolean next() {
        LogBlock current = block;
        while (current != null) {
            LogEnd last = end;
            if (last != null && last.isIn(current) && position >= last.position()) {
                return false;
            }
            if (position < current.published()) {
                entry = current.address() + position;
                position +=
                        (int)
                                LogEntry.size(
                                        LogEntry.plainLength(entry), LogEntry.ownPeerLength(entry));
                return true;
            }
            LogBlock following = current.next();
            // The end of a block is final once there is a next one, so it is read once more after
            // that was seen.
            if (following == null || position < current.published()) {
                if (following == null) {
                    return false;
                }
                continue;
            }
            position = 0;
            block = following;
            current = following;
        }
        return false;
    }

    /** Lets {@link #next()} find nothing from there on. */
    public void endAt(LogEnd last) {
        end = last;
    }

    /** From now on the next entry causes one wake-up. To be called before reading up to the end. */
    public void arm() {
        signalled = false;
    }

    /** Under the lock of the log: something new is there. */
    void signal() {
        if (!signalled) {
            signalled = true;
            wake.run();
        }
    }

    /** Under the lock of the log: this reader holds too much. */
    void overrun() {
        overrun = true;
        signalled = true;
        wake.run();
    }

    /** Whether the log has given this reader up. */
    public boolean isOverrun() {
        return overrun;
    }

    @Nullable LogBlock block() {
        return block;
    }

    /** Whether the entry is a unit for peers. */
    public boolean isUnit() {
        return (LogEntry.flags(entry) & LogEntry.UNIT) != 0;
    }

    /** Whether the entry says that the vector grew by a merge. */
    public boolean isMerge() {
        return (LogEntry.flags(entry) & LogEntry.MERGED) != 0;
    }

    /** Whether something has changed that no entry tells. */
    public boolean isUntold() {
        return (LogEntry.flags(entry) & LogEntry.UNTOLD) != 0;
    }

    /** The vector after a merge. */
    public VersionVector mergedVector() {
        byte[] text = Memory.bytes(peerAddress(), peerLength());
        return VersionVector.parse(new String(text, StandardCharsets.US_ASCII)).orElseThrow();
    }

    public int origin() {
        return LogEntry.origin(entry);
    }

    public long number() {
        return LogEntry.number(entry);
    }

    public long stamp() {
        return LogEntry.stamp(entry);
    }

    /** The database in which the bytes begin: those for peers when they are others. */
    public int database() {
        return LogEntry.database(entry);
    }

    /** The database that the plain bytes leave selected. */
    public int endDatabase() {
        return LogEntry.endDatabase(entry);
    }

    public long plainOffset() {
        return LogEntry.plainOffset(entry);
    }

    public int plainLength() {
        return LogEntry.plainLength(entry);
    }

    public long plainAddress() {
        return entry + LogEntry.HEADER;
    }

    public int peerLength() {
        return hasOwnPeerBytes() ? LogEntry.ownPeerLength(entry) : plainLength();
    }

    public long peerAddress() {
        return hasOwnPeerBytes() ? plainAddress() + plainLength() : plainAddress();
    }

    /** Whether peers get others than the plain bytes. */
    public boolean hasOwnPeerBytes() {
        return (LogEntry.flags(entry) & LogEntry.OWN_PEER_BYTES) != 0;
    }

    /** Lets the log forget what only this reader held; nothing may be read afterwards. */
    @Override
    public void close() {
        block = null;
        log.closed(this);
    }
}
