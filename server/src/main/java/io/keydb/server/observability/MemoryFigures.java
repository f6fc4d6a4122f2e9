package io.keydb.server.observability;

import io.keydb.server.memory.MemoryUse;
import io.keydb.server.memory.NativeHeap;
import io.keydb.server.memory.Pages;

/**
 * How much memory is in use for what, at one moment.
 *
 * <p>Threads: immutable.
 *
 * @param used bytes allocated for data and buffers
 * @param peak the largest value of {@code used} so far
 * @param startup what {@code used} was when the server had started
 * @param buffers bytes of buffers, the part of {@code used} that is no data
 * @param backlog the part of {@code buffers} that the log keeps for those who come back
 * @param slowReplicas the part that the log keeps only because replicas are slow
 * @param connections the part that connections take
 * @param active bytes of the pages in which {@code used} lies
 * @param retained bytes of these pages and of free ones that are kept
 * @param resident bytes of the whole process
 */
record MemoryFigures(
        long used,
        long peak,
        long startup,
        long buffers,
        long backlog,
        long slowReplicas,
        long connections,
        long active,
        long retained,
        long resident) {

    static MemoryFigures of(Pages pages, MemoryUse use, long peak, long startup) {
        long committed = committed(pages);
        long slow = use.notCounted();
        return new MemoryFigures(
                use.used(),
                peak,
                startup,
                use.buffers(),
                use.log() - slow,
                slow,
                use.connections(),
                committed,
                committed + pages.retainedBytes(),
                ProcessFacts.residentBytes());
    }

    /** Pages handed out, and what the C library gave. */
    static long committed(Pages pages) {
        return pages.committedBytes() + NativeHeap.allocatedBytes();
    }

    /** The part of {@code used} that is data. */
    long dataset() {
        return Math.max(0, used - Math.max(buffers, startup));
    }

    static double ratio(long part, long whole) {
        return whole <= 0 ? 0 : part / (double) whole;
    }
}
