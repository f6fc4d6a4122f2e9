package io.keydb.server.persistence.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import io.keydb.server.command.FunctionStore;
import io.keydb.server.keyspace.MemoryPolicy;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** When and how often keys were accessed goes along with them, as stock servers write it. */
class AccessesTest {
    private static final int LIMIT = 1 << 20;
    private static final int IDLE = 248;
    private static final int FREQUENCY = 249;

    @Test
    void idleTimesGoAlongUnderAnLruPolicy() throws Exception {
        try (CommandTester from = new CommandTester();
                CommandTester to = new CommandTester()) {
            policy(from, MemoryPolicy.VOLATILE_LRU);
            from.run("SET", "one", "value", "EX", "1000");
            from.clock().advanceMillis(100_000);
            from.keyspace().tick();
            assertThat(copy(from, to)).isEqualTo(IDLE);
            assertThat(to.run("OBJECT", "IDLETIME", "one")).isEqualTo(":100");
        }
    }

    @Test
    void countersGoAlongUnderAnLfuPolicy() throws Exception {
        try (CommandTester from = new CommandTester();
                CommandTester to = new CommandTester()) {
            policy(from, MemoryPolicy.ALLKEYS_LFU);
            policy(to, MemoryPolicy.VOLATILE_LFU);
            from.run("SET", "one", "value");
            from.keyspace().accesses().counter(0, 1);
            for (int i = 0; i < 200; i++) {
                from.run("GET", "one");
            }
            assertThat(copy(from, to)).isEqualTo(FREQUENCY);
            assertThat(to.run("OBJECT", "FREQ", "one")).isEqualTo(":205");
        }
    }

    @Test
    void whatIsNotKeptIsPassedOver() throws Exception {
        try (CommandTester from = new CommandTester();
                CommandTester to = new CommandTester()) {
            policy(from, MemoryPolicy.ALLKEYS_LFU);
            from.run("SET", "one", "value");
            copy(from, to);
            assertThat(to.run("OBJECT", "IDLETIME", "one")).isEqualTo(":0");
        }
    }

    private static void policy(CommandTester server, MemoryPolicy policy) {
        server.keyspace().accesses().follow(policy, true);
    }

    /** Copies all keys by way of an RDB; gives the opcode of the accesses of the first. */
    private static int copy(CommandTester from, CommandTester to) throws Exception {
        try (OffHeapBuffer file = new OffHeapBuffer(from.keyspace().pages());
                RdbReader reader =
                        new RdbReader(
                                to.keyspace().pages(),
                                new KeyspaceLoader(
                                        to.keyspace(),
                                        KeyspaceLoader.Rules.TAKE_ALL,
                                        FunctionStore.none()),
                                LIMIT)) {
            RdbWriter writer = new RdbWriter(file::append, true);
            writer.accesses(from.keyspace().accesses());
            writer.begin();
            writer.drain();
            int header = (int) file.length();
            from.keyspace().traversal().walk(0, record -> write(writer, record));
            writer.end();
            reader.feed(file.address(), file.length());
            assertThat(reader.isDone()).isTrue();
            byte[] bytes = Memory.bytes(file.address(), (int) file.length());
            int first = bytes[header] & 0xff;
            return first == RdbFormat.EXPIRY_MILLIS ? bytes[header + 9] & 0xff : first;
        }
    }

    private static void write(RdbWriter writer, long record) {
        try {
            writer.entry(record);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
