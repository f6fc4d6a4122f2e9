package io.keydb.operator.plan;

/** Where a member stands. */
public enum MemberState {
    /** It has no pod, or a pod without a node. */
    PENDING("Pending"),
    /** Its pod is not ready. */
    STARTING("Starting"),
    /** Its pod is ready, clients do not come to it yet. */
    JOINING("Joining"),
    /** Clients come to it. */
    SERVING("Serving"),
    /** It is being removed. */
    LEAVING("Leaving"),
    /** It is about to be restarted, or being restarted, for a new template. */
    UPDATING("Updating"),
    /** It does not start. */
    FAILED("Failed");

    private final String text;

    MemberState(String text) {
        this.text = text;
    }

    /** The word in the status. */
    @Override
    public String toString() {
        return text;
    }
}
