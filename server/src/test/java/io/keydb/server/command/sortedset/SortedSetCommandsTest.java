package io.keydb.server.command.sortedset;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands on sorted sets leave to the log, and that they leave nothing else behind. */
class SortedSetCommandsTest {

    @Test
    void increments_leaveTheScoreThatCameOut() {
        try (CommandTester tester = new CommandTester()) {
            tester.run("ZINCRBY", "z", "1.5", "a");
            tester.run("ZADD", "z", "INCR", "0.5", "a");
            tester.run("ZADD", "z", "NX", "INCR", "0.5", "a");
            tester.run("ZINCRBY", "z", "0", "a");
            assertThat(tester.takeEffects()).containsExactly("0: ZADD z 1.5 a", "0: ZADD z 2 a");
        }
    }

    @Test
    void additions_leaveThemselves_unlessNothingChanged() {
        try (CommandTester tester = new CommandTester()) {
            tester.run("ZADD", "z", "1", "a", "2", "b");
            tester.run("ZADD", "z", "1", "a");
            tester.run("ZADD", "z", "GT", "0", "a");
            tester.run("ZADD", "z", "XX", "3", "c");
            tester.run("ZADD", "z", "INCR", "nan", "a");
            assertThat(tester.takeEffects()).containsExactly("0: ZADD z 1 a 2 b");
        }
    }

    @Test
    void takingOut_leavesTheSetAndTheNumber() {
        try (CommandTester tester = new CommandTester()) {
            tester.run("ZADD", "z", "1", "a", "2", "b", "3", "c", "4", "d");
            tester.takeEffects();
            tester.run("ZMPOP", "2", "none", "z", "MAX", "COUNT", "2");
            tester.run("BZPOPMIN", "none", "z", "0");
            tester.run("BZMPOP", "0", "1", "z", "MIN", "COUNT", "10");
            assertThat(tester.takeEffects())
                    .containsExactly("0: ZPOPMAX z 2", "0: ZPOPMIN z", "0: ZPOPMIN z 1");
            assertThat(tester.run("EXISTS", "z")).isEqualTo(":0");
        }
    }

    @Test
    void emptyResults_deleteTheDestination() {
        try (CommandTester tester = new CommandTester()) {
            tester.run("ZADD", "z", "1", "a");
            tester.run("SET", "d", "1");
            tester.run("ZRANGESTORE", "d", "z", "5", "6");
            tester.run("ZUNIONSTORE", "d", "1", "none");
            assertThat(tester.run("EXISTS", "d")).isEqualTo(":0");
            assertThat(tester.takeEffects())
                    .containsExactly("0: ZADD z 1 a", "0: SET d 1", "0: ZRANGESTORE d z 5 6");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 2_000})
    void randomMembers_areDistinctAndFair(int size) {
        try (CommandTester tester = new CommandTester()) {
            List<String> add = new ArrayList<>(List.of("ZADD", "z"));
            for (int i = 0; i < size; i++) {
                add.add(Integer.toString(i % 7));
                add.add("m" + i);
            }
            tester.run(add.toArray(String[]::new));
            Random random = new Random(3);
            for (int i = 0; i < 40; i++) {
                int count = 1 + random.nextInt(size + 10);
                String reply = tester.run("ZRANDMEMBER", "z", Integer.toString(count));
                List<String> members =
                        List.of(reply.split(" ")).stream().filter(w -> w.startsWith("m")).toList();
                assertThat(members).hasSize(Math.min(count, size)).doesNotHaveDuplicates();
            }
            assertThat(tester.run("ZRANDMEMBER", "z", "-5")).startsWith("*5 ");
        }
    }

    @Test
    void membersExpire_oneByOne_andTheSetWithTheLast() {
        try (CommandTester tester = new CommandTester()) {
            tester.run("ZADD", "z", "1", "a", "2", "b", "3", "c");
            assertThat(tester.run("EXPIREMEMBER", "z", "a", "10")).isEqualTo(":1");
            assertThat(tester.run("EXPIREMEMBER", "z", "c", "20")).isEqualTo(":1");
            assertThat(tester.run("TTL", "z", "c")).isEqualTo(":20");
            tester.run("ZADD", "z", "5", "c");
            assertThat(tester.run("TTL", "z", "c")).isEqualTo(":20");
            tester.takeEffects();
            tester.clock().advanceMillis(11_000);
            assertThat(tester.run("ZRANGE", "z", "0", "-1", "WITHSCORES"))
                    .isEqualTo("*4 $1 b $1 2 $1 c $1 5");
            assertThat(tester.takeEffects()).containsExactly("0: ZREM z a");
            tester.run("ZREM", "z", "b");
            tester.clock().advanceMillis(11_000);
            assertThat(tester.run("ZCARD", "z")).isEqualTo(":0");
            assertThat(tester.run("EXISTS", "z")).isEqualTo(":0");
        }
    }

    @Test
    void scan_showsEveryMemberOfALargeSet() {
        try (CommandTester tester = new CommandTester()) {
            for (int i = 0; i < 1_000; i++) {
                tester.run("ZADD", "z", Integer.toString(i), "m" + i);
            }
            List<String> seen = new ArrayList<>();
            String cursor = "0";
            do {
                String[] reply = tester.run("ZSCAN", "z", cursor, "COUNT", "20").split(" ");
                cursor = reply[2];
                for (String word : reply) {
                    if (word.startsWith("m")) {
                        seen.add(word);
                    }
                }
            } while (!cursor.equals("0"));
            assertThat(seen).hasSize(1_000).doesNotHaveDuplicates();
        }
    }
}
