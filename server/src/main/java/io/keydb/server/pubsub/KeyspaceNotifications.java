package io.keydb.server.pubsub;

import io.keydb.server.config.Configuration;
import io.keydb.server.config.InvalidValue;
import io.keydb.server.keyspace.Database;
import io.keydb.server.keyspace.Key;
import io.keydb.server.keyspace.Keyspace;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Publishes what happens to keys: {@code __keyspace@0__:key} gets the name of the event, {@code
 * __keyevent@0__:event} the key.
 *
 * <p>Threads: safe.
 */
public final class KeyspaceNotifications {
    private final Subscriptions subscriptions;
    private final Keyspace keyspace;
    private final Configuration configuration;

    public KeyspaceNotifications(
            Subscriptions subscriptions, Keyspace keyspace, Configuration configuration) {
        this.subscriptions = subscriptions;
        this.keyspace = keyspace;
        this.configuration = configuration;
    }

    /** Publishes from now on what the configuration asks for, also when that changes. */
    public void start() {
        follow();
        configuration.onChange(this::follow, PubSubDirectives.NOTIFY_KEYSPACE_EVENTS);
    }

    private void follow() {
        WantedEvents wanted;
        try {
            wanted =
                    WantedEvents.parse(
                            configuration.value(PubSubDirectives.NOTIFY_KEYSPACE_EVENTS));
        } catch (InvalidValue refusedBefore) {
            throw new IllegalStateException(refusedBefore);
        }
        boolean anywhere = wanted.byKey() || wanted.byEvent();
        keyspace.events()
                .listen(
                        anywhere ? wanted.classes() : Set.of(),
                        (event, database, key) -> publish(wanted, event, database, key));
    }

    private void publish(WantedEvents wanted, String event, Database database, Key key) {
        byte[] name = key.bytes();
        byte[] what = event.getBytes(StandardCharsets.US_ASCII);
        if (wanted.byKey()) {
            subscriptions.publish(channel("__keyspace@", database, name), what);
        }
        if (wanted.byEvent()) {
            subscriptions.publish(channel("__keyevent@", database, what), name);
        }
    }

    private static byte[] channel(String prefix, Database database, byte[] suffix) {
        ByteArrayOutputStream channel = new ByteArrayOutputStream(32);
        String head = prefix + database.index() + "__:";
        channel.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        channel.writeBytes(suffix);
        return channel.toByteArray();
    }
}
