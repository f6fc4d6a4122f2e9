package io.keydb.server.command;

/** Where the reply of a caller that waits will go: how callers without a connection may wait. */
@FunctionalInterface
public interface ReplyPort {
    /** Called once, on any thread, under locks of the keyspace. */
    void reply(byte[] encoded);
}
