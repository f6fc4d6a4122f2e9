package io.keydb.server.observability;

import io.keydb.server.command.CommandError;
import io.keydb.server.resp.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * DEBUG PROTOCOL: one reply of each type, for tests of client libraries.
 *
 * <p>Threads: immutable.
 */
final class ReplyTypes {
    private static final CommandError UNKNOWN =
            new CommandError(
                    "ERR Wrong protocol type name. Please use one of the following:"
                            + " string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|"
                            + "true|false");
    private static final CommandError ONLY_RESP3 =
            new CommandError("ERR RESP2 is not supported by this command");

    private ReplyTypes() {}

    static void show(String type, ReplyWriter reply) {
        switch (type.toLowerCase(Locale.ROOT)) {
            case "string" -> reply.bulk("Hello World");
            case "integer" -> reply.integer(12345);
            case "double" -> reply.doubleValue(3.141);
            case "bignum" -> reply.bigNumber(ascii("1234567999999999999999999999999999999"));
            case "null" -> reply.nullBulk();
            case "true" -> reply.bool(true);
            case "false" -> reply.bool(false);
            case "verbatim" -> reply.verbatim("txt", ascii("This is a verbatim\nstring"));
            default -> showAggregate(type.toLowerCase(Locale.ROOT), reply);
        }
    }

    private static void showAggregate(String type, ReplyWriter reply) {
        switch (type) {
            case "array" -> {
                reply.array(3);
                numbers(reply);
            }
            case "set" -> {
                reply.set(3);
                numbers(reply);
            }
            case "map" -> {
                reply.map(3);
                for (int i = 0; i < 3; i++) {
                    reply.integer(i);
                    reply.bool(i == 1);
                }
            }
            case "attrib" -> showAttribute(reply);
            case "push" -> showPush(reply);
            default -> throw UNKNOWN;
        }
    }

    private static void numbers(ReplyWriter reply) {
        for (int i = 0; i < 3; i++) {
            reply.integer(i);
        }
    }

    private static void showAttribute(ReplyWriter reply) {
        if (reply.protocol() >= 3) {
            reply.attribute(1);
            reply.bulk("key-popularity");
            reply.array(2);
            reply.bulk("key:123");
            reply.integer(90);
        }
        reply.bulk("Some real reply following the attribute");
    }

    private static void showPush(ReplyWriter reply) {
        if (reply.protocol() < 3) {
            throw ONLY_RESP3;
        }
        reply.push(2);
        reply.bulk("server-cpu-usage");
        reply.integer(42);
        reply.bulk("Some real reply following the push reply");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
