package io.keydb.server.replication;

import io.keydb.server.command.FunctionStore;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.persistence.DataForm;
import io.keydb.server.persistence.rdb.KeyspaceLoader;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbReader;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Receives a snapshot into a temporary file, and loads it when all of it is there: until then the
 * node goes on with the data it has, and keeps them when the primary fails meanwhile.
 *
 * <pre>
 *   event loop   take ─► queue, bounded by not reading from the link
 *   own thread            └─► file ... end ─► load begins ─► keyspace ─► ended
 * </pre>
 *
 * <p>Threads: methods on the link's event loop. Writing and loading happen on a thread of its own,
 * which also calls the {@link Progress}; it ends by itself.
 */
final class SpooledReceiver implements SyncReceiver {
    private static final int PIECE = 64 * 1024;
    private static final long MOST_QUEUED_BYTES = 8 << 20;
    private static final byte[] END = new byte[0];

    private final SyncFraming framing;
    private final Keyspace keyspace;
    private final KeyspaceLoader visitor;
    private final Progress progress;
    private final DataForm.Pace pace;
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final byte[] tail = new byte[SyncFraming.MARK_LENGTH];
    private long taken;
    private volatile long receivedBytes;
    private volatile boolean isComplete;
    private volatile boolean isLoading;
    private volatile boolean isCancelled;
    private volatile boolean isWhole; // INFO and the beat look at it
    private volatile boolean hasEnded;
    private volatile @Nullable Thread thread;

    /** Is told how far it is, on the thread that loads. */
    interface Progress {
        /** It {@link #takesMore} again. */
        void roomAgain();

        /** All has come; the data of before are to go now. */
        void loading();

        /**
         * It has ended.
         *
         * @param failure why it could not be loaded; null when it is complete
         */
        void ended(@Nullable String failure);
    }

    SpooledReceiver(
            SyncFraming framing,
            Keyspace keyspace,
            FunctionStore functions,
            DataForm.Pace pace,
            Progress progress) {
        this.framing = framing;
        this.keyspace = keyspace;
        this.visitor = new KeyspaceLoader(keyspace, KeyspaceLoader.Rules.TAKE_ALL, functions);
        this.pace = pace;
        this.progress = progress;
    }

    /** What its thread had to do is done, and is being taken note of. */
    void over() {
        hasEnded = true;
    }

    /** Begins to take what comes into this file. */
    void start(SpooledStream file) {
        thread = Thread.ofPlatform().daemon().name("sync-load").start(() -> run(file));
    }

    @Override
    public long receivedBytes() {
        return receivedBytes;
    }

    @Override
    public long totalBytes() {
        return framing.totalBytes();
    }

    @Override
    public KeyspaceLoader loaded() {
        return visitor;
    }

    @Override
    public boolean isComplete() {
        return isComplete;
    }

    @Override
    public boolean isLoading() {
        return isLoading;
    }

    @Override
    public boolean goesOnAlone() {
        return isWhole && !hasEnded;
    }

    /** What follows a snapshot of known length waits; behind a mark nothing follows. */
    @Override
    public boolean takesMore() {
        boolean isBehind = queuedBytes.get() > MOST_QUEUED_BYTES;
        return isWhole ? framing.isMarked() : !isBehind;
    }

    @Override
    public int take(long address, int length) {
        if (isWhole) {
            return 0;
        }
        int count = framing.isMarked() ? length : (int) Math.min(length, totalBytes() - taken);
        byte[] piece = Memory.bytes(address, count);
        taken += count;
        receivedBytes = taken;
        queuedBytes.addAndGet(count);
        queue.add(piece);
        isWhole = framing.isMarked() ? endsWithMark(piece) : taken == totalBytes();
        if (isWhole) {
            queue.add(END);
        }
        return count;
    }

    /** The primary sends nothing behind the mark before it hears that the snapshot is loaded. */
    private boolean endsWithMark(byte[] piece) {
        int kept = Math.max(0, tail.length - piece.length);
        System.arraycopy(tail, tail.length - kept, tail, 0, kept);
        int added = tail.length - kept;
        System.arraycopy(piece, piece.length - added, tail, kept, added);
        return taken >= tail.length && framing.isMark(tail);
    }

    @Override
    public void cancel() {
        isCancelled = true;
        queue.add(END);
    }

    @Override
    public boolean awaitEnd(long millis) throws InterruptedException {
        Thread loads = thread;
        return loads == null || loads.join(Duration.ofMillis(millis));
    }

    @Override
    public void close() {
        cancel();
    }

    private void run(SpooledStream file) {
        String failure = null;
        try (file) {
            receive(file);
            requireWanted();
            isLoading = true;
            progress.loading();
            load(file, framing.isMarked() ? receivedBytes - tail.length : receivedBytes);
            isComplete = true;
        } catch (RdbException refused) {
            failure = "it sent a snapshot that cannot be loaded: " + refused.getMessage();
        } catch (IOException failed) {
            failure = "its snapshot was not taken: " + failed.getMessage();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            failure = "the server stops";
        }
        progress.ended(failure);
    }

    private void receive(SpooledStream file) throws IOException, InterruptedException {
        for (byte[] piece = queue.take(); piece != END; piece = queue.take()) {
            file.send(piece);
            long before = queuedBytes.getAndAdd(-piece.length);
            if (before > MOST_QUEUED_BYTES && before - piece.length <= MOST_QUEUED_BYTES) {
                progress.roomAgain();
            }
        }
    }

    private void requireWanted() throws IOException {
        if (isCancelled) {
            throw new IOException("it is not wanted any more");
        }
    }

    private void load(SpooledStream file, long length) throws IOException, RdbException {
        byte[] piece = new byte[PIECE];
        long fed = 0;
        file.rewind();
        try (RdbReader reader = new RdbReader(keyspace.pages(), visitor, LONGEST_STRING);
                OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages())) {
            while (fed < length && !reader.isDone()) {
                requireWanted();
                int count = (int) Math.min(file.read(piece), length - fed);
                bytes.clear();
                bytes.append(piece, 0, count);
                long keysBefore = visitor.keys();
                fed += reader.feed(bytes.address(), count);
                pace.keysDone(visitor.keys() - keysBefore);
            }
            if (!reader.isDone() || fed != length) {
                throw new RdbException("its length is not the one of its content");
            }
        }
    }
}
