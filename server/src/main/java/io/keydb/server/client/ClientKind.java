package io.keydb.server.client;

/** The classes of clients that CLIENT LIST TYPE and CLIENT KILL TYPE know. */
public enum ClientKind {
    NORMAL("normal"),
    PRIMARY("master"),
    REPLICA("replica"),
    PUBSUB("pubsub");

    private final String wireName;

    ClientKind(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
