package io.keydb.server.net;

/** Kinds of connections that have limits of their own for what they do not read. */
public enum OutputClass {
    /** Clients that get replies. */
    NORMAL,
    /** Replicas and peers. */
    REPLICA,
    /** Clients that listen to channels. */
    PUBSUB
}
