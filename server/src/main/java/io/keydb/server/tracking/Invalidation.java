package io.keydb.server.tracking;

import io.keydb.server.client.Client;
import io.keydb.server.client.Mailbox;
import io.keydb.server.resp.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The news that copies are stale: of these keys, or, without keys, of all.
 *
 * @param keys gives them when the news is written; nothing is written when they are none
 * @param isRedirected whether another client keeps the copies
 *     <p>Threads: immutable.
 */
record Invalidation(@Nullable Supplier<Collection<byte[]>> keys, boolean isRedirected)
        implements Mailbox.Mail {
    private static final byte[] INVALIDATE = ascii("invalidate");
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] CHANNEL = ascii("__redis__:invalidate");

    @Override
    public void write(Client client, ReplyWriter reply) {
        Collection<byte[]> stale = keys == null ? null : keys.get();
        if (stale != null && stale.isEmpty()) {
            return;
        }
        if (client.protocol() >= 3) {
            reply.push(2);
            reply.bulk(INVALIDATE);
        } else if (isRedirected && client.isSubscribed()) {
            reply.array(3);
            reply.bulk(MESSAGE);
            reply.bulk(CHANNEL);
        } else {
            return;
        }
        if (stale == null) {
            reply.nullBulk();
        } else {
            reply.array(stale.size());
            stale.forEach(reply::bulk);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
