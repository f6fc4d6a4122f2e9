package io.keydb.server.pubsub;

import io.keydb.server.client.Client;
import io.keydb.server.client.Mailbox;
import io.keydb.server.resp.ReplyWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to those who listen in the same way: encoded once for each protocol,
 * however many they are.
 *
 * <p>Threads: safe; two threads may encode it at the same time, to the same bytes.
 */
final class Message implements Mailbox.Mail {
    private final Kind kind;
    private final Name listened;
    private final byte[][] parts;
    private volatile byte @Nullable [] resp2;
    private volatile byte @Nullable [] resp3;

    private Message(Kind kind, Name listened, byte[]... parts) {
        this.kind = kind;
        this.listened = listened;
        this.parts = parts;
    }

    /** For those who listen to a channel or sharded channel. */
    static Message to(Kind kind, Name channel, byte[] payload) {
        return new Message(kind, channel, kind.message(), channel.bytes(), payload);
    }

    /** For those who listen to a pattern. */
    static Message matching(Name pattern, Name channel, byte[] payload) {
        return new Message(
                Kind.PATTERN,
                pattern,
                Kind.PATTERN.message(),
                pattern.bytes(),
                channel.bytes(),
                payload);
    }

    /** The bytes as they go over the wire. */
    byte[] encoded(int protocol) {
        if (protocol >= 3) {
            byte[] known = resp3;
            return known != null ? known : (resp3 = encode('>'));
        }
        byte[] known = resp2;
        return known != null ? known : (resp2 = encode('*'));
    }

    /** For clients that have not stopped listening since. */
    @Override
    public void write(Client client, ReplyWriter reply) {
        Subscriber subscriber = client.state(Subscriber.class);
        if (subscriber != null && subscriber.names(kind).contains(listened)) {
            reply.raw(encoded(client.protocol()));
        }
    }

    private byte[] encode(char aggregate) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        header(out, aggregate, parts.length);
        for (byte[] part : parts) {
            header(out, '$', part.length);
            out.writeBytes(part);
            out.write('\r');
            out.write('\n');
        }
        return out.toByteArray();
    }

    private static void header(ByteArrayOutputStream out, char type, int number) {
        out.writeBytes(
                (type + Integer.toString(number) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
