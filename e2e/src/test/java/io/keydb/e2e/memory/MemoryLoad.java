package io.keydb.e2e.memory;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;

/**
 * Fills a server with a million things of one kind and measures by how much its memory grows.
 *
 * <p>Threads: confined to one test.
 */
final class MemoryLoad {
    /** The unit in which {@code INFO} and the figures of other servers are given. */
    static final double MEGABYTE = 1 << 20;

    private static final int THINGS = 1_000_000;
    private static final int WARMING_THINGS = 200_000;
    private static final int BATCH = 1_000;

    /** The request that adds thing {@code i} to a key, or to keys, of that name. */
    interface Request {
        String[] words(String name, int i);
    }

    /** By how many megabytes memory grew. */
    record Growth(double used, double resident) {}

    private MemoryLoad() {}

    /** Loads a server that has done the same in small, so that what serves the load is there. */
    static Growth measure(ServerProcess server, Request request)
            throws IOException, InterruptedException {
        try (RespClient client = server.connect()) {
            send(client, "warm", WARMING_THINGS, request);
            client.call("FLUSHALL");
            settle(server, client);
            long used = usedMemory(client);
            long resident = server.usage().residentBytes();
            send(client, "user", THINGS, request);
            settle(server, client);
            return new Growth(
                    (usedMemory(client) - used) / MEGABYTE,
                    (server.usage().residentBytes() - resident) / MEGABYTE);
        }
    }

    private static void send(RespClient client, String name, int things, Request request)
            throws IOException {
        StringBuilder requests = new StringBuilder();
        for (int from = 0; from < things; from += BATCH) {
            requests.setLength(0);
            for (int i = from; i < from + BATCH; i++) {
                String[] words = request.words(name, i);
                requests.append('*').append(words.length).append("\r\n");
                for (String word : words) {
                    requests.append('$').append(word.length()).append("\r\n");
                    requests.append(word).append("\r\n");
                }
            }
            client.send(requests.toString());
            for (int i = 0; i < BATCH; i++) {
                RespReply reply = client.read();
                if (reply.isError()) {
                    throw new IOException(reply.toString());
                }
            }
        }
    }

    /** Waits until the compiler has given back what it worked with, and discarded data is freed. */
    private static void settle(ServerProcess server, RespClient client)
            throws IOException, InterruptedException {
        long before = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long now = server.usage().residentBytes() + usedMemory(client);
            if (before - now < 1 << 18) {
                return;
            }
            before = now;
            Thread.sleep(500);
        }
    }

    private static long usedMemory(RespClient client) throws IOException {
        return client.call("INFO", "memory")
                .text()
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length()).strip()))
                .findFirst()
                .orElseThrow();
    }
}
