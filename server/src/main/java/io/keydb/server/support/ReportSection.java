package io.keydb.server.support;

/**
 * One section of what a server tells about itself. Implemented by the subsystem it is about, handed
 * to {@code observability} at start.
 *
 * <p>Threads: called by any thread, several at the same time.
 */
public interface ReportSection {

    /** The name by which INFO asks for it, in lower case. */
    String name();

    /** States all values as they are now. */
    void report(Report report);
}
