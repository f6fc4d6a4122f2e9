package io.keydb.server.pubsub;

import static io.keydb.server.config.Directive.directive;

import io.keydb.server.config.Directive;
import java.util.List;

/**
 * Directives of messages between clients.
 *
 * <p>Threads: immutable.
 */
public final class PubSubDirectives {
    private PubSubDirectives() {}

    public static final Directive<String> NOTIFY_KEYSPACE_EVENTS =
            directive("notify-keyspace-events")
                    .text("")
                    .checked(text -> WantedEvents.parse(text).text())
                    .mutable()
                    .doc(
                            "Which changes of keys are published: `K` to the channel of the key,"
                                    + " `E` to that of the event; `g$lshzxetd` choose classes, `A`"
                                    + " all of those, `m` misses, `n` new keys.");

    public static final List<Directive<?>> ALL = List.of(NOTIFY_KEYSPACE_EVENTS);
}
