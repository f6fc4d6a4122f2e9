package io.keydb.server.client;

/**
 * The channels a client listens to, for those who decide whether it may.
 *
 * <p>Threads: safe.
 */
public interface Listening extends ClientState {
    /** Says whether somebody may listen to a channel, or to a pattern of channels. */
    @FunctionalInterface
    interface Rule {
        boolean allows(byte[] name, boolean isPattern);
    }

    /** Whether the rule allows all the client listens to. */
    boolean isAllowedBy(Rule rule);
}
