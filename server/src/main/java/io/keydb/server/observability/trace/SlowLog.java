package io.keydb.server.observability.trace;

import io.keydb.server.client.Client;
import io.keydb.server.command.Command;
import io.keydb.server.memory.Memory;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The commands that took long, the latest first, up to a number. Long requests are cut: 32
 * arguments, 128 bytes each. Secrets are left out.
 *
 * <p>Threads: safe; its monitor guards everything.
 */
public final class SlowLog {
    private static final int MOST_ARGUMENTS = 32;
    private static final int MOST_BYTES = 128;

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long nextId;

    /**
     * One command.
     *
     * @param id ascending since the start, also over RESET
     * @param seconds Unix time at which it ended
     * @param micros how long it took
     * @param arguments the request, cut
     * @param address whence it came
     * @param name how the client calls itself
     */
    public record Entry(
            long id,
            long seconds,
            long micros,
            List<byte[]> arguments,
            String address,
            byte[] name) {}

    /** Adds an entry and drops what is beyond {@code most}. */
    void add(
            Client client,
            Request request,
            Command command,
            long nowMillis,
            long micros,
            long most) {
        List<byte[]> arguments = cut(request, command);
        synchronized (this) {
            entries.addFirst(
                    new Entry(
                            nextId++,
                            nowMillis / 1000,
                            micros,
                            arguments,
                            client.address(),
                            client.name()));
            trim(most);
        }
    }

    /** Drops the oldest entries beyond {@code most}. */
    synchronized void trim(long most) {
        while (entries.size() > most) {
            entries.removeLast();
        }
    }

    /** The latest entries, at most so many; all when negative. */
    synchronized List<Entry> latest(long most) {
        long count = most < 0 ? entries.size() : Math.min(most, entries.size());
        List<Entry> latest = new ArrayList<>();
        Iterator<Entry> all = entries.iterator();
        for (long i = 0; i < count; i++) {
            latest.add(all.next());
        }
        return latest;
    }

    synchronized int length() {
        return entries.size();
    }

    synchronized void clear() {
        entries.clear();
    }

    private static List<byte[]> cut(Request request, Command command) {
        int count = request.count();
        boolean isCut = count > MOST_ARGUMENTS;
        int shown = isCut ? MOST_ARGUMENTS - 1 : count;
        List<byte[]> arguments = new ArrayList<>();
        for (int i = 0; i < shown; i++) {
            arguments.add(argument(request, command, i));
        }
        if (isCut) {
            arguments.add(ascii("... (" + (count - shown) + " more arguments)"));
        }
        return arguments;
    }

    private static byte[] argument(Request request, Command command, int i) {
        if (command.isSecret(request, i)) {
            return ascii(ClientText.REDACTED);
        }
        int length = request.length(i);
        if (length <= MOST_BYTES) {
            return request.bytes(i);
        }
        byte[] more = ascii("... (" + (length - MOST_BYTES) + " more bytes)");
        byte[] text = new byte[MOST_BYTES + more.length];
        Memory.copyOut(request.address(i), text, 0, MOST_BYTES);
        System.arraycopy(more, 0, text, MOST_BYTES, more.length);
        return text;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
