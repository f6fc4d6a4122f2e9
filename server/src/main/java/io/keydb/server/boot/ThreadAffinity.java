package io.keydb.server.boot;

import io.keydb.server.net.EventLoops;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds event loops to processors: {@code server-thread-affinity}. The first loop gets the first of
 * the processors that the process may use, from a given one on, the next loop the next one; loops
 * for which there is none are left free.
 *
 * <p>Linux has a new thread inherit the processors of the one that starts it. So threads that loops
 * start (workers, those that write files) are given all processors back as soon as they are seen.
 *
 * <p>Threads: {@link #tick} by one; the rest is immutable or safe.
 */
final class ThreadAffinity {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadAffinity.class);
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final Path OWN_TASK = Path.of("/proc/thread-self");

    private final BitSet all;
    private final Set<Integer> bound = ConcurrentHashMap.newKeySet();
    private Set<Integer> seen = new HashSet<>();

    /**
     * @param first the first processor that is used, counted from 1; 0 binds nothing
     */
    ThreadAffinity(int first, EventLoops loops) {
        this.all = first > 0 ? allowed() : new BitSet();
        if (first > 0 && all.isEmpty()) {
            LOG.warn("server-thread-affinity: threads cannot be bound on this system");
        } else if (first > 0) {
            bind(first, loops);
        }
    }

    private static BitSet allowed() {
        return Files.exists(TASKS) ? SystemCalls.processors() : new BitSet();
    }

    private void bind(int first, EventLoops loops) {
        int processor = all.nextSetBit(0);
        for (int skipped = 1; skipped < first && processor >= 0; skipped++) {
            processor = all.nextSetBit(processor + 1);
        }
        for (int i = 0; i < loops.count(); i++) {
            if (processor < 0) {
                LOG.warn("server-thread-affinity: there is no processor for thread {}", i);
                continue;
            }
            int chosen = processor;
            int thread = i;
            loops.get(i).execute(() -> bindThis(thread, chosen));
            processor = all.nextSetBit(processor + 1);
        }
    }

    private void bindThis(int thread, int processor) {
        BitSet one = new BitSet();
        one.set(processor);
        try {
            int task = Integer.parseInt(Files.readSymbolicLink(OWN_TASK).getFileName().toString());
            bound.add(task);
            if (SystemCalls.bindThread(task, one)) {
                LOG.info("Binding thread {} to cpu {}", thread, processor);
            } else {
                LOG.warn("Thread {} cannot be bound to cpu {}", thread, processor);
            }
        } catch (IOException absent) {
            LOG.warn("Thread {} cannot be bound: {}", thread, absent.toString());
        }
    }

    /** Frees threads that have begun since. */
    void tick() {
        if (bound.isEmpty()) {
            return;
        }
        Set<Integer> present = new HashSet<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                int id = Integer.parseInt(task.getFileName().toString());
                present.add(id);
                if (!seen.contains(id) && !bound.contains(id)) {
                    SystemCalls.bindThread(id, all);
                }
            }
        } catch (IOException absent) {
            return;
        }
        seen = present;
    }
}
