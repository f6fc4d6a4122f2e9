package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.keyspace.KeptKey;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.net.Acceptor;
import io.keydb.server.net.BindAddress;
import io.keydb.server.net.EventLoops;
import io.keydb.server.net.Listeners;
import io.keydb.server.net.NetworkSettings;
import io.keydb.server.net.RequestHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Somebody reads long under the lock of one partition: the others are served all the same. */
class LockedPartitionTest {
    @Test
    void clientsOfTheSameEventLoopGoOn() throws Exception {
        try (CommandTester server = new CommandTester();
                EventLoops loops = new EventLoops(1, true);
                Listeners listeners = listeners(loops, server.dispatcher())) {
            listeners.listen(List.of(BindAddress.parse("127.0.0.1")), 0);
            int port = listeners.addresses().get(0).getPort();
            Partition locked = partition(server.keyspace(), "a");
            assertThat(partition(server.keyspace(), "b")).isNotSameAs(locked);
            try (TestClient waiting = new TestClient(port);
                    TestClient queueing = new TestClient(port);
                    TestClient other = new TestClient(port)) {
                queueing.call("MULTI");
                queueing.call("INCR", "a");
                locked.lock();
                try {
                    waiting.send("INCR", "a");
                    queueing.send("EXEC");
                    for (int i = 1; i <= 100; i++) {
                        assertThat(other.call("INCR", "b")).isEqualTo(Integer.toString(i));
                    }
                } finally {
                    locked.unlock();
                }
                assertThat(waiting.reply()).isIn("1", "2");
                assertThat(queueing.reply()).isIn("1", "2");
                assertThat(other.call("GET", "a")).isEqualTo("2");
            }
        }
    }

    private static Partition partition(Keyspace keyspace, String name) {
        try (KeptKey kept = new KeptKey(keyspace.pages())) {
            return keyspace.partitionOf(kept.keep(name.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static Listeners listeners(EventLoops loops, RequestHandler handler) {
        NetworkSettings settings = new NetworkSettings();
        return new Listeners(loops, settings, new Acceptor(loops, handler, settings, null));
    }
}
