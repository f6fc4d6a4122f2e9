package io.keydb.server.log;

/**
 * The names of the history of plain bytes: the current replication id, and the one before, which is
 * good up to an offset.
 *
 * <p>Threads: immutable.
 *
 * @param id 40 hexadecimal digits
 * @param previousId the id before, all zeros when there is none
 * @param previousOffset how many bytes of the previous history are part of this one, plus one; -1
 *     when there is none
 */
public record ReplicationIds(String id, String previousId, long previousOffset) {
    private static final String NONE = "0".repeat(40);

    /** A new history. */
    public static ReplicationIds fresh() {
        return of(NodeId.random().hex());
    }

    /** The history of another node, followed by this one. */
    public static ReplicationIds of(String id) {
        return new ReplicationIds(id, NONE, -1);
    }

    /**
     * A new history that begins with the first {@code offset} bytes of this one: a replica becomes
     * a primary.
     */
    public ReplicationIds branch(long offset) {
        return new ReplicationIds(NodeId.random().hex(), id, offset + 1);
    }

    /**
     * Whether a replica that has the bytes of {@code otherId} before {@code wanted} (counted from
     * 1) can go on with this history.
     */
    public boolean continues(String otherId, long wanted) {
        return otherId.equalsIgnoreCase(id)
                || (otherId.equalsIgnoreCase(previousId) && wanted <= previousOffset);
    }
}
