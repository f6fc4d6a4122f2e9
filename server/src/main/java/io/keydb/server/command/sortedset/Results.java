package io.keydb.server.command.sortedset;

import io.keydb.server.command.Call;
import io.keydb.server.keyspace.Draft;
import io.keydb.server.keyspace.EventClass;
import io.keydb.server.keyspace.Key;
import io.keydb.server.value.sortedset.SortedSet;

/**
 * Results that are stored under the first key.
 *
 * <p>Threads: stateless.
 */
final class Results {
    private Results() {}

    /** Puts the result in the place of what the key holds, an empty one deletes it; replies. */
    static void store(Call call, Draft result, String event) {
        Key destination = call.key(1);
        long size = SortedSet.size(result.record());
        if (size > 0) {
            result.publish();
            call.touched(destination);
            call.event(EventClass.SORTED_SET, event, destination);
        } else if (call.database().delete(destination)) {
            call.touched(destination);
            call.event(EventClass.GENERIC, "del", destination);
        }
        call.reply().integer(size);
    }
}
