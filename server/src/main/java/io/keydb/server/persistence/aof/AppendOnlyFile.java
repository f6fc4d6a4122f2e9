package io.keydb.server.persistence.aof;

import io.keydb.server.command.Condition;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.SyncedFile;
import io.keydb.server.log.UnitAppender;
import io.keydb.server.net.EventLoops;
import io.keydb.server.persistence.DataFileException;
import io.keydb.server.persistence.DataForm;
import io.keydb.server.persistence.LoadProgress;
import io.keydb.server.persistence.PersistenceDirectives;
import io.keydb.server.persistence.PersistenceDirectives.FsyncPolicy;
import io.keydb.server.persistence.aof.AofManifest.Part;
import io.keydb.server.support.Clock;
import io.keydb.server.support.LatencyEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The append-only file of a server: loading it, switching it on and off, its state.
 *
 * <pre>
 *   OFF ──on: a base is begun──► BEGUN ──the base is there──► ON
 *    ▲                             │ off, or it failed         │ off
 *    └─────────────────────────────┴───────────────────────────┘
 * </pre>
 *
 * Until the first base is there the manifest is what it was: what is written beside it counts only
 * with it. The data of a replica that are replaced by a full sync lead back to BEGUN.
 *
 * <p>Threads: safe; the state is changed under the monitor. What takes long happens on threads of
 * the writer and of rewrites.
 */
public final class AppendOnlyFile implements SyncedFile {
    private static final Logger LOG = LoggerFactory.getLogger(AppendOnlyFile.class);
    private static final long END_GRACE_MILLIS = 10_000;

    private final Parts parts;
    private final Setting<FsyncPolicy> policy;
    private final Setting<Boolean> timestamps;
    private final Setting<Boolean> noSyncOnRewrite;
    private final AofRewrites rewrites;
    private @Nullable AofDirectory directory;
    private boolean isWanted;
    private boolean isStarted;
    private volatile @Nullable AofWriter writer;
    private volatile @Nullable AofWriter dropped;
    private volatile boolean isComplete;
    private boolean isForeign;
    private volatile @Nullable IOException failure;
    private volatile @Nullable EventLoops loops;
    private volatile long delayNanos;
    private volatile Runnable progressListener = () -> {};
    private volatile LatencyEvents latency = LatencyEvents.ignored();

    /**
     * What the append-only file builds on.
     *
     * @param dispatcher runs what is loaded
     * @param otherFile whether a dump file is being written, beside which no base is begun
     * @param lost called when a write that clients were promised to be on disk cannot be written
     */
    public record Parts(
            Configuration configuration,
            Supplier<Path> folder,
            Keyspace keyspace,
            OrderedLog log,
            UnitAppender appender,
            DataForm data,
            AofForm form,
            Conditions conditions,
            Supplier<Dispatcher> dispatcher,
            BooleanSupplier otherFile,
            Runnable lost,
            Clock clock) {}

    public AppendOnlyFile(Parts parts) {
        this.parts = parts;
        Configuration configuration = parts.configuration();
        this.policy = configuration.setting(PersistenceDirectives.APPENDFSYNC);
        this.timestamps = configuration.setting(PersistenceDirectives.AOF_TIMESTAMP_ENABLED);
        this.noSyncOnRewrite =
                configuration.setting(PersistenceDirectives.NO_APPENDFSYNC_ON_REWRITE);
        this.rewrites = new AofRewrites(parts, this);
        configuration.onChange(this::switched, PersistenceDirectives.APPENDONLY);
        configuration.onChange(this::removeHistory, PersistenceDirectives.AOF_DISABLE_AUTO_GC);
        configuration.onChange(
                this::wake,
                PersistenceDirectives.APPENDFSYNC,
                PersistenceDirectives.NO_APPENDFSYNC_ON_REWRITE);
    }

    /** Rewriting it. */
    public AofRewrites rewrites() {
        return rewrites;
    }

    /** How it is at present. */
    public AofState state() {
        AofWriter current = writer;
        return new AofState(
                isOn(),
                rewrites.isRunning(),
                rewrites.isScheduled(),
                rewrites.lastSeconds(),
                rewrites.currentSeconds(),
                rewrites.failuresInARow() > 0,
                rewrites.count(),
                rewrites.failuresInARow(),
                failure != null,
                rewrites.bytes(),
                rewrites.baseBytes(),
                current == null ? 0 : parts.log().plainOffset() - current.written().plainOffset(),
                current != null && current.isSyncing(),
                current == null ? 0 : current.delayedSyncs());
    }

    @Override
    public long syncedPosition() {
        AofWriter current = writer;
        return current == null || !isComplete ? -1 : current.synced().entries();
    }

    @Override
    public long syncedOffset() {
        AofWriter current = writer;
        return current == null || !isComplete ? -1 : current.synced().plainOffset();
    }

    /** Whether it is or is about to be written. */
    @Override
    public boolean isOn() {
        return parts.configuration().value(PersistenceDirectives.APPENDONLY);
    }

    /** Whether it is being made: what is written now does not count yet. */
    public synchronized boolean lacksBase() {
        return isStarted && isOn() && !isComplete;
    }

    /** Whether what is written now counts: its base is there. */
    boolean isComplete() {
        return isComplete;
    }

    /** Holds every write up for so long, for tests. */
    public void delay(long nanos) {
        delayNanos = nanos;
    }

    /** The writer; null while nothing is written. */
    @Nullable AofWriter writer() {
        return writer;
    }

    /** Why the last write failed; null when it did not. */
    @Nullable IOException failure() {
        return failure;
    }

    /** When to sync, as things are at present. */
    FsyncPolicy policy() {
        boolean isHeldUp = noSyncOnRewrite.value() && isAnotherFileWritten();
        return isHeldUp ? FsyncPolicy.NO : policy.value();
    }

    private boolean isAnotherFileWritten() {
        return rewrites.isRunning() || parts.otherFile().getAsBoolean();
    }

    synchronized AofDirectory directory() throws IOException {
        AofDirectory opened = directory;
        if (opened == null) {
            Configuration configuration = parts.configuration();
            opened =
                    new AofDirectory(
                            parts.folder().get(),
                            configuration.value(PersistenceDirectives.APPENDDIRNAME),
                            configuration.value(PersistenceDirectives.APPENDFILENAME));
            opened.open();
            directory = opened;
        }
        return opened;
    }

    /** Whether it is on and there is something to be loaded. */
    public boolean hasData() throws IOException {
        return isOn() && !directory().manifest().isEmpty();
    }

    /** How many bytes there are to be loaded. */
    public long bytes() throws IOException {
        long sum = 0;
        for (Part part : directory().manifest().parts()) {
            Path path = directory().path(part);
            sum += Files.exists(path) ? Files.size(path) : 0;
        }
        return sum;
    }

    /**
     * Loads it; before the first write.
     *
     * @return number of keys of the base
     * @throws DataFileException when it is damaged
     */
    public long load(LoadProgress progress) throws IOException {
        AofLoader loader = load(new AofLoader(loaderParts(progress)));
        isForeign = loader.isForeign() || hasOwnUnits();
        if (isForeign) {
            LOG.info("What was loaded is not what the file would say now; it is written anew");
        }
        return loader.keys();
    }

    /**
     * Replaces all data by those of the file, which is brought up to date before, while nobody else
     * can get at them: for tests of the server.
     *
     * @param clear removes all data
     * @throws DataFileException when it cannot be loaded
     */
    public void reload(Runnable clear) throws IOException {
        Keyspace keyspace = parts.keyspace();
        if (keyspace.isStamped()) {
            throw new IOException("an active node merges, and replaces nothing");
        }
        keyspace.lock(keyspace.allPartitions(), Partition.BEFORE_ANY_EXPIRY);
        try {
            AofWriter current = writer;
            if (current != null) {
                current.awaitWritten(parts.log().position());
            }
            clear.run();
            load(new AofLoader(loaderParts(new LoadProgress())));
        } finally {
            keyspace.unlock(keyspace.allPartitions());
        }
    }

    /** Units of this run of an active node, which are in no file. */
    private boolean hasOwnUnits() {
        return parts.log().lastNumber(0) > parts.log().origins().own().run();
    }

    private AofLoader load(AofLoader loader) throws IOException {
        boolean isPlain = !parts.keyspace().isStamped();
        if (isPlain) {
            parts.appender().suspended(true);
        }
        try {
            loader.load(directory());
        } finally {
            if (isPlain) {
                parts.appender().suspended(false);
            }
        }
        return loader;
    }

    private AofLoader.Parts loaderParts(LoadProgress progress) {
        return new AofLoader.Parts(
                parts.configuration(),
                parts.keyspace(),
                parts.data(),
                parts.form(),
                parts.dispatcher().get(),
                progress,
                parts.clock());
    }

    /**
     * Begins to write, if it is on: behind what was loaded, or, when there was nothing, with a base
     * of the present data. Before the first write.
     */
    public void start() throws IOException {
        if (isOn()) {
            boolean goesOn = !directory().manifest().isEmpty() && !isForeign;
            synchronized (this) {
                isStarted = true;
                isWanted = true;
                updateGate();
                feed(true);
                if (goesOn) {
                    goOn();
                }
            }
            if (!goesOn) {
                rewrites.now();
            }
        }
        isStarted = true;
    }

    private void goOn() throws IOException {
        AofDirectory files = directory();
        AofManifest manifest = files.manifest();
        if (manifest.increments().isEmpty()) {
            Part part = files.nextIncrement();
            Increment first = Increment.create(files.path(part));
            files.add(part);
            follow(first);
        } else {
            follow(Increment.open(files.path(manifest.increments().getLast())));
        }
        rewrites.removeHistory();
        isComplete = true;
        rewrites.loaded(bytes());
    }

    /** Writes from now on to this file. */
    synchronized void follow(Increment file) {
        AofWriter next =
                new AofWriter(
                        file,
                        parts.form().entries(),
                        parts.keyspace().pages(),
                        new WriterSettings(),
                        new WriterListener(),
                        parts.clock());
        writer = next;
        next.follow(parts.log());
    }

    /** The base of what is being written is there. */
    synchronized void complete() {
        isComplete = writer != null;
        moved();
    }

    /** A plain node has its effects logged for the file; an active one logs them in any case. */
    private void feed(boolean yes) {
        if (!parts.keyspace().isStamped()) {
            parts.appender().wantedByFile(yes);
        }
    }

    private void removeHistory() {
        try {
            if (isStarted) {
                rewrites.removeHistory();
            }
        } catch (IOException failed) {
            LOG.warn("Files that are no longer needed are left: {}", failed.toString());
        }
    }

    private void switched() {
        synchronized (this) {
            boolean wanted = isOn();
            if (!isStarted || wanted == isWanted) {
                return;
            }
            isWanted = wanted;
            updateGate();
            if (wanted) {
                feed(true);
            } else {
                drop();
                feed(false);
                recovered();
            }
        }
        if (isOn()) {
            LOG.info("AOF was enabled. An AOF background was scheduled to start when possible.");
            rewrites.begin();
        } else {
            rewrites.cancel();
        }
        moved();
    }

    /**
     * All data were replaced by others, which no entry of the log has: what is written from now on
     * begins with a new base.
     */
    public void replaced() {
        synchronized (this) {
            if (!isWanted) {
                return;
            }
            drop();
        }
        rewrites.schedule();
        rewrites.tick();
    }

    /** Ends the writer behind what is in the log now; its file is complete that far. */
    synchronized void drop() {
        AofWriter last = writer;
        writer = null;
        isComplete = false;
        if (last != null) {
            dropped = last;
            last.end(parts.log().position());
        }
        moved();
    }

    /** Waits until the writer that was dropped last has ended. */
    void awaitDropped() throws IOException {
        AofWriter last = dropped;
        if (last != null && !last.awaitEnd(END_GRACE_MILLIS)) {
            throw new IOException("the disk does not take what was written before");
        }
        dropped = null;
    }

    /** From time to time. */
    public void tick() {
        if (isStarted) {
            rewrites.tick();
        }
    }

    /**
     * Brings all that was written to the disk.
     *
     * @throws IOException when that was not possible
     */
    public void sync() throws IOException {
        rewrites.cancel();
        AofWriter current = writer;
        if (current != null) {
            LOG.info("Calling fsync() on the AOF file.");
            current.awaitSynced(parts.log().position(), END_GRACE_MILLIS);
        }
    }

    /**
     * Brings all that was written to the disk, and writes no more.
     *
     * @return whether it uses nothing of the server any more
     */
    public boolean end() {
        rewrites.cancel();
        AofWriter last = writer;
        if (last != null) {
            last.end(parts.log().position());
        }
        return hasEnded(last) & hasEnded(dropped);
    }

    private static boolean hasEnded(@Nullable AofWriter writer) {
        return writer == null || writer.awaitEnd(END_GRACE_MILLIS);
    }

    /**
     * After the {@link #end}.
     *
     * @throws IOException when something could not be written
     */
    public void requireComplete() throws IOException {
        IOException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    /** Whoever waits for the disk; called whenever it has moved, on any thread. */
    public void onProgress(Runnable listener) {
        progressListener = listener;
    }

    /** Who hears of slow disks; before the first write. */
    public void latency(LatencyEvents listener) {
        latency = listener;
    }

    /** Replies on these loops wait for the disk from now on, if they have to. */
    public synchronized void holdReplies(EventLoops of) {
        loops = of;
        updateGate();
    }

    private void updateGate() {
        EventLoops known = loops;
        if (known != null) {
            known.gate(isWanted ? new ReplyHold(this, parts.log()) : null);
        }
    }

    private void moved() {
        EventLoops known = loops;
        if (known != null) {
            known.gateMoved();
        }
        progressListener.run();
    }

    private void wake() {
        AofWriter current = writer;
        if (current != null) {
            current.wake();
        }
        moved();
    }

    private void recovered() {
        failure = null;
        parts.conditions().clear(Condition.APPENDING_FAILED);
    }

    private final class WriterSettings implements AofWriter.Settings {
        @Override
        public FsyncPolicy policy() {
            return AppendOnlyFile.this.policy();
        }

        @Override
        public boolean isAnotherFileWritten() {
            return AppendOnlyFile.this.isAnotherFileWritten();
        }

        @Override
        public boolean hasTimestamps() {
            return timestamps.value();
        }

        @Override
        public long delayNanos() {
            return delayNanos;
        }
    }

    private final class WriterListener implements AofWriter.Listener {
        @Override
        public void moved() {
            AppendOnlyFile.this.moved();
        }

        @Override
        public void took(String event, long nanos) {
            latency.took(event, nanos);
        }

        @Override
        public void failed(IOException problem) {
            if (failure == null) {
                LOG.error("Error writing to the AOF file: {}", problem.getMessage());
            }
            failure = problem;
            parts.conditions().appendingFailed(String.valueOf(problem.getMessage()));
            if (policy() == FsyncPolicy.ALWAYS && isOn()) {
                LOG.error(
                        "Can't recover from AOF write error when the AOF fsync policy is 'always'."
                                + " Exiting...");
                parts.lost().run();
            }
        }

        @Override
        public void recovered() {
            LOG.info("AOF write error looks solved. The server can write again.");
            AppendOnlyFile.this.recovered();
        }

        @Override
        public void needsBase() {
            rewrites.schedule();
        }

        @Override
        public void ended(AofWriter ended) {
            synchronized (AppendOnlyFile.this) {
                if (writer == ended) { // the log could not wait for it
                    writer = null;
                    isComplete = false;
                    rewrites.schedule();
                }
            }
            AppendOnlyFile.this.moved();
        }
    }
}
