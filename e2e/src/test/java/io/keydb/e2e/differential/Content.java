package io.keydb.e2e.differential;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All a server holds: by key its type, value, encoding and expiry.
 *
 * <p>Threads: immutable.
 */
record Content(Map<String, Entry> entries) {

    private static final int DATABASES = 16;
    private static final int SHOWN_CHARACTERS = 2000;
    private static final long TOLERANCE_MILLIS = 5000;
    private static final List<String> STREAM_INTERNALS =
            List.of("radix-tree-keys", "radix-tree-nodes");

    /**
     * @param value the type and all elements; those without an order are sorted
     * @param encoding the reply of OBJECT ENCODING
     * @param expiry unix milliseconds, or -1
     */
    record Entry(String value, RespReply encoding, long expiry) {

        boolean isSameAs(Entry ours) {
            return value.equals(ours.value)
                    && RandomReplies.isSameEncoding(encoding, ours.encoding)
                    && (expiry < 0) == (ours.expiry < 0)
                    && Math.abs(expiry - ours.expiry) <= TOLERANCE_MILLIS;
        }
    }

    /** Reads everything through a connection in RESP2. */
    static Content of(RespClient client) throws IOException {
        Map<String, Entry> entries = new TreeMap<>();
        for (int database = 0; database < DATABASES; database++) {
            client.call("SELECT", Integer.toString(database));
            TreeSet<String> keys = new TreeSet<>();
            client.call("KEYS", "*").children().forEach(key -> keys.add(key.text()));
            for (String key : keys) {
                entries.put(database + " " + RespReply.printable(key), entry(client, key));
            }
        }
        return new Content(entries);
    }

    /** What differs from our server's content, a line each. */
    List<String> differencesTo(Content ours) {
        List<String> differences = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>(entries.keySet());
        keys.addAll(ours.entries.keySet());
        for (String key : keys) {
            Entry expected = entries.get(key);
            Entry actual = ours.entries.get(key);
            if (expected == null || actual == null || !expected.isSameAs(actual)) {
                differences.add(
                        key + "\n    stock: " + shown(expected) + "\n    ours:  " + shown(actual));
            }
        }
        return differences;
    }

    private static String shown(@Nullable Entry entry) {
        String text = String.valueOf(entry);
        return text.length() <= SHOWN_CHARACTERS
                ? text
                : text.substring(0, SHOWN_CHARACTERS) + " ... " + text.hashCode();
    }

    private static Entry entry(RespClient client, String key) throws IOException {
        String type = client.call("TYPE", key).text();
        RespReply encoding = client.call("OBJECT", "ENCODING", key);
        long expiry = client.call("PEXPIRETIME", key).integer();
        return new Entry(type + " " + value(client, type, key), encoding, expiry);
    }

    private static String value(RespClient client, String type, String key) throws IOException {
        return switch (type) {
            case "string" -> client.call("GET", key).toString();
            case "list" -> client.call("LRANGE", key, "0", "-1").toString();
            case "set" -> members(client.call("SMEMBERS", key)).toString();
            case "hash" -> RandomReplies.pairs(client.call("HGETALL", key), List.of()).toString();
            case "zset" -> client.call("ZRANGE", key, "0", "-1", "WITHSCORES").toString();
            case "stream" ->
                    client.call("XRANGE", key, "-", "+")
                            + " "
                            + RandomReplies.pairs(
                                    client.call("XINFO", "STREAM", key), STREAM_INTERNALS)
                            + " "
                            + groups(client.call("XINFO", "GROUPS", key));
            default -> "";
        };
    }

    /** Without the consumers: since 7.2 there are more, those who found nothing to read. */
    private static List<List<String>> groups(RespReply reply) {
        List<List<String>> groups = new ArrayList<>();
        reply.children()
                .forEach(group -> groups.add(RandomReplies.pairs(group, List.of("consumers"))));
        return groups;
    }

    private static List<String> members(RespReply reply) {
        List<String> members = new ArrayList<>();
        reply.children().forEach(member -> members.add(member.toString()));
        Collections.sort(members);
        return members;
    }
}
