package io.keydb.e2e.controlplane.merge;

/**
 * A patch that cannot be carried out as written; the message says why.
 *
 * <p>Threads: immutable.
 */
public final class MergeRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    public MergeRefusal(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Why the patch cannot be carried out. */
    public String reason() {
        return reason;
    }
}
