package io.keydb.server.command.hyperloglog;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HyperLogLogCommandsTest {
    private final long seed = Long.getLong("keydb.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void countsStayNearTheTruthFromSparseToDense() {
        try (CommandTester tester = new CommandTester()) {
            long added = 0;
            for (int round = 0; round < 60; round++) {
                String[] command = new String[202];
                command[0] = "PFADD";
                command[1] = "k";
                for (int i = 2; i < command.length; i++) {
                    command[i] = seed + "-" + added++;
                }
                tester.run(command);
                long count = integer(tester.run("PFCOUNT", "k"));
                assertThat((double) count).isBetween(added * 0.94, added * 1.06);
                assertThat(integer(tester.run("PFCOUNT", "k", "missing"))).isEqualTo(count);
            }
            assertThat(tester.run("PFDEBUG", "ENCODING", "k")).isEqualTo("+dense");
            assertThat(tester.run("STRLEN", "k")).isEqualTo(":12304");
        }
    }

    @Test
    void sparseAndDenseSayTheSame() {
        try (CommandTester tester = new CommandTester()) {
            tester.run("PFADD", "dense");
            tester.run("PFDEBUG", "TODENSE", "dense");
            for (int i = 0; i < 500; i++) {
                String element = Integer.toString(random.nextInt(100_000));
                assertThat(tester.run("PFADD", "sparse", element))
                        .as("seed " + seed)
                        .isEqualTo(i == 0 ? ":1" : tester.run("PFADD", "dense", element));
                if (i == 0) {
                    tester.run("PFADD", "dense", element);
                }
            }
            assertThat(tester.run("PFDEBUG", "ENCODING", "sparse")).isEqualTo("+sparse");
            assertThat(tester.run("PFCOUNT", "sparse")).isEqualTo(tester.run("PFCOUNT", "dense"));
            tester.run("COPY", "sparse", "copy");
            tester.run("PFMERGE", "merged", "sparse");
            assertThat(tester.run("PFDEBUG", "GETREG", "copy"))
                    .isEqualTo(tester.run("PFDEBUG", "GETREG", "dense"))
                    .isEqualTo(tester.run("PFDEBUG", "GETREG", "merged"));
        }
    }

    @Test
    void countingIsAChangeOnceOnAPrimaryAndNeverOnAnActiveNode() {
        try (CommandTester tester = new CommandTester()) {
            tester.run("PFADD", "k", "a");
            tester.takeEffects();
            assertThat(tester.run("PFCOUNT", "k")).isEqualTo(":1");
            assertThat(tester.run("PFCOUNT", "k")).isEqualTo(":1");
            assertThat(tester.run("PFADD", "k", "a")).isEqualTo(":0");
            assertThat(tester.takeEffects()).containsExactly("0: PFCOUNT k");
        }
        try (CommandTester tester = new CommandTester(true)) {
            tester.run("PFADD", "k", "a");
            tester.takeEffects();
            assertThat(tester.run("PFCOUNT", "k")).isEqualTo(":1");
            assertThat(tester.takeEffects()).isEmpty();
        }
    }

    @Test
    void anyBytesAreReadWithoutHarm() {
        try (CommandTester tester = new CommandTester()) {
            for (int i = 0; i < 3000; i++) {
                StringBuilder bytes = new StringBuilder("HYLL\1\0\0\0\0\0\0\0\0\0\0\u0080");
                for (int j = random.nextInt(12); j > 0; j--) {
                    int kind = random.nextInt(4);
                    bytes.append(
                            (char) (kind == 0 ? 0x7f : kind == 1 ? 0xff : random.nextInt(256)));
                }
                tester.run("SET", "k", bytes.toString());
                tester.run("PFADD", "k", "a" + i, "b", "c");
                tester.run("PFCOUNT", "k");
                tester.run("PFMERGE", "d", "k");
                tester.run("PFCOUNT", "d", "k");
                tester.run("PFDEBUG", "DECODE", "k");
                tester.run("PFDEBUG", "TODENSE", "k");
            }
        }
    }

    private static long integer(String reply) {
        return Long.parseLong(reply.substring(1));
    }
}
