package io.keydb.server.persistence.aof;

import io.keydb.server.log.OrderedLog;
import io.keydb.server.net.ReplyGate;
import io.keydb.server.persistence.PersistenceDirectives.FsyncPolicy;

/**
 * Lets replies wait for the append-only file: with {@code appendfsync always} until all that is in
 * the log is on the disk, so nobody hears of a write, by its own reply or by a read, that could be
 * lost. With the other policies replies wait only while the file is very far behind, because a disk
 * does not keep up: otherwise the log would fill the memory.
 *
 * <p>Threads: safe.
 */
final class ReplyHold implements ReplyGate {
    /** So far the file may be behind before clients are held up. */
    private static final long MOST_BYTES_BEHIND = 64L << 20;

    private final AppendOnlyFile file;
    private final OrderedLog log;

    ReplyHold(AppendOnlyFile file, OrderedLog log) {
        this.file = file;
        this.log = log;
    }

    @Override
    public long ticket() {
        AofWriter writer = file.writer();
        if (writer == null) {
            return 0;
        }
        long position = log.position();
        boolean isFree =
                file.policy() == FsyncPolicy.ALWAYS
                        ? writer.synced().entries() >= position
                        : !isFarBehind(writer);
        return isFree ? 0 : position;
    }

    @Override
    public boolean isReached(long ticket) {
        AofWriter writer = file.writer();
        if (writer == null) {
            return true;
        }
        return file.policy() == FsyncPolicy.ALWAYS
                ? writer.synced().entries() >= ticket
                : writer.written().entries() >= ticket || !isFarBehind(writer);
    }

    /** Not while writing fails: then writes are refused, and what is there can be read. */
    private boolean isFarBehind(AofWriter writer) {
        return log.plainOffset() - writer.written().plainOffset() > MOST_BYTES_BEHIND
                && file.failure() == null;
    }
}
