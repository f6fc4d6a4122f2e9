package io.keydb.server.command.generic;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SORT orders, cuts and looks up, and tells the log the list it has stored. */
class SortCommandsTest {
    private final CommandTester server = new CommandTester();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void numbersAreSortedByValueAndWordsByTheirBytes() {
        server.run("RPUSH", "l", "10", "9", "-1", "2.5");
        assertThat(server.run("SORT", "l")).isEqualTo("*4 $2 -1 $3 2.5 $1 9 $2 10");
        assertThat(server.run("SORT", "l", "ALPHA", "DESC"))
                .isEqualTo("*4 $1 9 $3 2.5 $2 10 $2 -1");
        server.run("RPUSH", "l", "1e999");
        assertThat(server.run("SORT", "l"))
                .isEqualTo("-ERR One or more scores can't be converted into double");
    }

    @Test
    void keysNamedByPatternsAreInAnyPartition() {
        server.run("SADD", "s", "1", "2", "3");
        server.run("MSET", "w_1", "3", "w_2", "1", "w_3", "2");
        server.run("HSET", "h_2", "name", "two");
        assertThat(server.run("SORT", "s", "BY", "w_*", "GET", "#", "GET", "h_*->name"))
                .isEqualTo("*6 $1 2 $3 two $1 3 $-1 $1 1 $-1");
    }

    @Test
    void whatIsStoredIsToldAsAList() {
        server.run("SADD", "s", "1", "2", "3");
        server.takeEffects();
        assertThat(server.run("SORT", "s", "DESC", "STORE", "d")).isEqualTo(":3");
        assertThat(server.takeEffects()).containsExactly("0: RPUSH d 3 2 1");
        assertThat(server.run("SORT", "s", "STORE", "d")).isEqualTo(":3");
        assertThat(server.takeEffects()).containsExactly("0: DEL d", "0: RPUSH d 1 2 3");
        assertThat(server.run("SORT", "none", "STORE", "d")).isEqualTo(":0");
        assertThat(server.takeEffects()).containsExactly("0: DEL d");
        assertThat(server.run("SORT", "none", "STORE", "d")).isEqualTo(":0");
        assertThat(server.takeEffects()).isEmpty();
    }

    @Test
    void anErrorLeavesTheDestinationAsItIs() {
        server.run("RPUSH", "l", "1", "x");
        server.run("SET", "d", "kept");
        assertThat(server.run("SORT", "l", "STORE", "d")).startsWith("-ERR One or more");
        assertThat(server.run("GET", "d")).isEqualTo("$4 kept");
    }

    @Test
    void manyElementsAreSortedAsByJava() {
        Random random = new Random(7);
        for (int size : new int[] {1, 2, 3, 10, 1000, 4097}) {
            List<String> elements = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                elements.add(Integer.toString(random.nextInt(size * 2)));
            }
            server.run("DEL", "l");
            List<String> push = new ArrayList<>(List.of("RPUSH", "l"));
            push.addAll(elements);
            server.run(push.toArray(String[]::new));
            elements.sort(Comparator.comparing(Integer::valueOf));
            assertThat(server.run("SORT", "l")).isEqualTo(reply(elements));
            Collections.sort(elements);
            assertThat(server.run("SORT", "l", "ALPHA")).isEqualTo(reply(elements));
        }
    }

    private static String reply(List<String> elements) {
        StringBuilder reply = new StringBuilder("*" + elements.size());
        elements.forEach(element -> reply.append(" $" + element.length() + " " + element));
        return reply.toString();
    }
}
