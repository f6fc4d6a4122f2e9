package io.keydb.e2e.kubernetes;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that writes key after key without a pause and remembers what was acknowledged, and when.
 *
 * <p>When its connection ends it connects anew, as client libraries do. A write that was not
 * acknowledged is not repeated: it may or may not have happened.
 *
 * <p>Threads: one of its own writes; the lists may be read at any time.
 */
final class SteadyWriter implements AutoCloseable {

    /** An acknowledged write and the time of the acknowledgement. */
    record Acknowledged(String key, long nanos) {}

    private final String prefix;
    private final Supplier<InetSocketAddress> address;
    private final String password;
    private final List<Acknowledged> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile long interruptedAt;
    private volatile boolean closed;

    SteadyWriter(String prefix, Supplier<InetSocketAddress> address, String password) {
        this.prefix = prefix;
        this.address = address;
        this.password = password;
        this.thread = Thread.ofPlatform().name("writer-" + prefix).daemon().start(this::run);
    }

    private void run() {
        @Nullable RespClient client = null;
        for (int number = 0; !closed; number++) {
            String key = prefix + number;
            try {
                if (client == null) {
                    client = Cluster.connect(address.get(), password);
                }
                RespReply reply = client.call("SET", key, "value-" + key);
                if (reply.isError()) {
                    errors.add(reply.text());
                } else {
                    acknowledged.add(new Acknowledged(key, System.nanoTime()));
                }
                Cluster.pause(2);
            } catch (IOException | RuntimeException _) {
                if (client != null) {
                    interruptedAt = System.nanoTime();
                }
                close(client);
                client = null;
                Cluster.pause(10);
            }
        }
        close(client);
    }

    private static void close(@Nullable RespClient client) {
        if (client != null) {
            try {
                client.close();
            } catch (IOException _) {
                // The connection is gone, as intended.
            }
        }
    }

    List<Acknowledged> acknowledged() {
        synchronized (acknowledged) {
            return List.copyOf(acknowledged);
        }
    }

    /** The error replies it got, all of them. */
    List<String> errors() {
        return errors;
    }

    /** When its connection last ended by itself; 0 when it never did. */
    long interruptedAt() {
        return interruptedAt;
    }

    /** The first acknowledgement after a time; negative when there is none yet. */
    long firstAfter(long nanos) {
        for (Acknowledged write : acknowledged()) {
            if (write.nanos() - nanos > 0) {
                return write.nanos();
            }
        }
        return -1;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
