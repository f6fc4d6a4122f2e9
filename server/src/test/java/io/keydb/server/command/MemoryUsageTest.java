package io.keydb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.Partition;
import io.keydb.server.structure.RecordTable;
import io.keydb.server.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key of any type is said to take is exactly what was allocated for it. */
class MemoryUsageTest {
    /** In each, # is a number drawn anew. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k #",
                "APPEND k text-#",
                "SETRANGE k # x",
                "SADD k #",
                "SADD k member:#",
                "HSET k field:# value:#",
                "ZADD k # member:#",
                "RPUSH k element:#",
                "LPUSH k #",
                "XADD k * field:# value:#",
                "PFADD k element:#"
            })
    void isWhatWasAllocated(String template) {
        Random random = new Random(template.hashCode());
        try (CommandTester server = new CommandTester(false, 1, Gatekeeper.open())) {
            long empty = server.keyspace().allocatedBytes();
            for (int i = 0; i < 3000; i++) {
                List<String> words = new ArrayList<>();
                for (String word : template.split(" ")) {
                    words.add(word.replace("#", Integer.toString(random.nextInt(5000))));
                }
                assertThat(server.run(words.toArray(String[]::new))).doesNotStartWith("-");
                if (i < 50 || i % 50 == 0) {
                    assertThat(usage(server.keyspace()) + empty)
                            .as("%s, step %d", template, i)
                            .isEqualTo(server.keyspace().allocatedBytes());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SADD k #", "HSET k # v", "ZADD k 1 #"})
    void expiriesOfMembersAreCounted(String template) {
        try (CommandTester server = new CommandTester(false, 1, Gatekeeper.open())) {
            long empty = server.keyspace().allocatedBytes();
            for (int i = 0; i < 300; i++) {
                String member = "m" + i;
                server.run(template.replace("#", member).split(" "));
                if (i % 3 == 0) {
                    assertThat(server.run("EXPIREMEMBER", "k", member, "1000")).isEqualTo(":1");
                }
                assertThat(usage(server.keyspace()) + empty)
                        .as("%s, step %d", template, i)
                        .isEqualTo(server.keyspace().allocatedBytes());
            }
        }
    }

    /** Bytes of the one key there is, and of the tables it is in. */
    private static long usage(Keyspace keyspace) {
        Partition partition = keyspace.partition(0);
        long[] bytes = new long[1];
        partition.lock();
        try {
            RecordTable.forEach(
                    partition.records(0), record -> bytes[0] += Values.memoryUsage(record));
            return bytes[0]
                    + RecordTable.bytes(partition.records(0))
                    + RecordTable.bytes(partition.collections(0));
        } finally {
            partition.unlock();
        }
    }
}
