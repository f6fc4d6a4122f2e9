package io.keydb.server.support;

/**
 * Port to who watches for spikes of latency: whoever has held up others for a while says so. What
 * is shorter than anybody wants to know is ignored.
 *
 * <p>Threads: any.
 */
@FunctionalInterface
public interface LatencyEvents {
    /**
     * Something took a while.
     *
     * @param event what it was, as {@code expire-cycle}; LATENCY shows it under this name
     */
    void took(String event, long nanos);

    /** Nobody watches. */
    static LatencyEvents ignored() {
        return (event, nanos) -> {};
    }
}
