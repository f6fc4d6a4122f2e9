package io.keydb.server.command.hash;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands on hashes in both forms: replies, encodings, and what they leave to the log. */
class HashCommandsTest {
    private static final String LONG = "x".repeat(65);

    private final CommandTester server = new CommandTester();

    /** What went to the log since the last call; all is of database 0. */
    private List<String> effects() {
        return server.takeEffects().stream().map(effect -> effect.substring(3)).toList();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void fieldsAreSetAndRemoved() {
        assertThat(server.run("HSET", "h", "f", "v", "n", "12")).isEqualTo(":2");
        assertThat(server.run("HSET", "h", "f", "w", "g", "x")).isEqualTo(":1");
        assertThat(server.run("HGETALL", "h")).isEqualTo("*6 $1 f $1 w $1 n $2 12 $1 g $1 x");
        assertThat(server.run("HDEL", "h", "f", "none", "f")).isEqualTo(":1");
        assertThat(server.run("HDEL", "h", "n", "g")).isEqualTo(":2");
        assertThat(server.run("EXISTS", "h")).isEqualTo(":0");
        assertThat(effects())
                .containsExactly(
                        "HSET h f v n 12", "HSET h f w g x", "HDEL h f none f", "HDEL h n g");
    }

    @Test
    void aHashOfTooManyPairsIsATableAtOnceThoughSomeAreTheSame() {
        server.run(pairs("HSET", "h", 512));
        assertThat(server.run("OBJECT", "ENCODING", "h")).isEqualTo("$8 listpack");
        List<String> command = new ArrayList<>(Arrays.asList(pairs("HSET", "i", 512)));
        command.addAll(List.of("f0", "again"));
        assertThat(server.run(command.toArray(String[]::new))).isEqualTo(":512");
        assertThat(server.run("OBJECT", "ENCODING", "i")).isEqualTo("$9 hashtable");
        server.run("HSET", "h", "more", "1");
        assertThat(server.run("OBJECT", "ENCODING", "h")).isEqualTo("$9 hashtable");
        assertThat(server.run("HLEN", "h")).isEqualTo(":513");
    }

    @Test
    void aPreparedHashGivesBackWhatItDidNotNeed() {
        assertThat(server.run("HSET", "h", "f", "a long value", "f", "s", "f", "t"))
                .isEqualTo(":1");
        long bytes = server.keyspace().allocatedBytes();
        server.run("DEL", "h");
        server.run("HSET", "h", "f", "t");
        assertThat(server.keyspace().allocatedBytes()).isEqualTo(bytes);
    }

    @Test
    void incrementsOfFloatsAreToldAsValues() {
        server.run("HINCRBYFLOAT", "h", "f", "0.1");
        server.run("HINCRBYFLOAT", "h", "f", "0.2");
        server.run("HINCRBY", "h", "n", "2");
        assertThat(effects()).containsExactly("HSET h f 0.1", "HSET h f 0.3", "HINCRBY h n 2");
    }

    @Test
    void randomFieldsAreDifferentUnlessTheCountIsNegative() {
        for (String last : List.of("v", LONG)) {
            server.run("DEL", "h");
            server.run(pairs("HSET", "h", 100));
            server.run("HSET", "h", "last", last);
            for (int count : List.of(1, 2, 10, 50, 99, 101, 1000)) {
                String[] reply = server.run("HRANDFIELD", "h", "" + count).split(" ");
                assertThat(reply[0]).isEqualTo("*" + Math.min(count, 101));
                Set<String> drawn = fields(reply);
                assertThat(drawn).hasSize(Math.min(count, 101));
            }
            Set<String> drawn = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                drawn.addAll(fields(server.run("HRANDFIELD", "h", "5").split(" ")));
            }
            assertThat(drawn).hasSize(101);
            String[] repeated = server.run("HRANDFIELD", "h", "-1000").split(" ");
            assertThat(repeated[0]).isEqualTo("*1000");
            assertThat(fields(repeated)).hasSizeBetween(90, 101);
            String[] values = server.run("HRANDFIELD", "h", "3", "WITHVALUES").split(" ");
            assertThat(values[0]).isEqualTo("*6");
        }
    }

    /** The words that are no lengths. */
    private static Set<String> fields(String[] reply) {
        Set<String> fields = new HashSet<>();
        for (int i = 2; i < reply.length; i += 2) {
            fields.add(reply[i]);
        }
        return fields;
    }

    @Test
    void aTableIsWalkedInPortions() {
        server.run(pairs("HSET", "h", 2_000));
        Map<String, String> found = new HashMap<>();
        String cursor = "0";
        int calls = 0;
        do {
            String[] reply = server.run("HSCAN", "h", cursor, "COUNT", "50").split(" ");
            cursor = reply[2];
            for (int i = 5; i < reply.length; i += 4) {
                found.put(reply[i], reply[i + 2]);
            }
            calls++;
        } while (!cursor.equals("0"));
        assertThat(found).hasSize(2_000).containsEntry("f7", "v7");
        assertThat(calls).isBetween(20, 60);
    }

    @ParameterizedTest
    @CsvSource({"1, 10, 20", "2, 700, 20", "3, 10, 100", "4, 300, 6000"})
    void holdsWhatAMapHoldsUnderRandomOperations(long seed, int fields, int longest) {
        Random random = new Random(seed);
        Map<String, String> model = new HashMap<>();
        for (int i = 0; i < 4_000; i++) {
            String field = field(random, fields);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    String value = value(random, longest);
                    boolean isNew = model.put(field, value) == null;
                    assertThat(server.run("HSET", "h", field, value))
                            .as("seed %d, step %d", seed, i)
                            .isEqualTo(isNew ? ":1" : ":0");
                }
                case 3 -> {
                    boolean was = model.remove(field) != null;
                    assertThat(server.run("HDEL", "h", field)).isEqualTo(was ? ":1" : ":0");
                }
                case 4 -> {
                    server.run("HSET", "h", "counter", "5");
                    assertThat(server.run("HINCRBY", "h", "counter", "" + i))
                            .isEqualTo(":" + (i + 5));
                    model.put("counter", "" + (i + 5));
                }
                case 5 -> {
                    server.run("COPY", "h", "copy", "REPLACE");
                    server.run("RENAME", "copy", "h");
                }
                default -> {
                    String value = model.get(field);
                    assertThat(server.run("HGET", "h", field))
                            .as("seed %d, step %d", seed, i)
                            .isEqualTo(
                                    value == null
                                            ? "$-1"
                                            : ("$" + value.length() + " " + value).trim());
                }
            }
            assertThat(server.run("HLEN", "h")).isEqualTo(":" + model.size());
        }
    }

    private static String field(Random random, int fields) {
        int number = random.nextInt(fields);
        return number % 3 == 0 ? "" + number : "field:" + number;
    }

    private static String value(Random random, int longest) {
        return switch (random.nextInt(3)) {
            case 0 -> "" + random.nextInt(100);
            case 1 -> "" + random.nextLong();
            default -> "v".repeat(random.nextInt(longest));
        };
    }

    private static String[] pairs(String command, String key, int count) {
        List<String> words = new ArrayList<>(List.of(command, key));
        for (int i = 0; i < count; i++) {
            words.add("f" + i);
            words.add("v" + i);
        }
        return words.toArray(String[]::new);
    }
}
