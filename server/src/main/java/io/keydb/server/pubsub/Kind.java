package io.keydb.server.pubsub;

import java.nio.charset.StandardCharsets;

/** The three ways to listen, with the words that replies and messages begin with. */
enum Kind {
    CHANNEL("subscribe", "unsubscribe", "message"),
    PATTERN("psubscribe", "punsubscribe", "pmessage"),
    SHARD_CHANNEL("ssubscribe", "sunsubscribe", "smessage");

    private final byte[] subscribed;
    private final byte[] unsubscribed;
    private final byte[] message;

    Kind(String subscribed, String unsubscribed, String message) {
        this.subscribed = subscribed.getBytes(StandardCharsets.US_ASCII);
        this.unsubscribed = unsubscribed.getBytes(StandardCharsets.US_ASCII);
        this.message = message.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] subscribed() {
        return subscribed;
    }

    byte[] unsubscribed() {
        return unsubscribed;
    }

    byte[] message() {
        return message;
    }
}
