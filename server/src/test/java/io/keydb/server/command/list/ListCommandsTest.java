package io.keydb.server.command.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** List commands push, pop, move and change, and leave effects that replay to the same list. */
class ListCommandsTest {
    private final CommandTester server = new CommandTester();

    @AfterEach
    void checkMemory() {
        server.close();
    }

    @Test
    void whatIsPushedIsPopped() {
        assertThat(server.run("RPUSH", "l", "a", "b", "1")).isEqualTo(":3");
        assertThat(server.run("LPUSH", "l", "z")).isEqualTo(":4");
        assertThat(server.run("LRANGE", "l", "0", "-1")).isEqualTo("*4 $1 z $1 a $1 b $1 1");
        assertThat(server.run("LPOP", "l")).isEqualTo("$1 z");
        assertThat(server.run("RPOP", "l", "2")).isEqualTo("*2 $1 1 $1 b");
        assertThat(server.run("RPOP", "l")).isEqualTo("$1 a");
        assertThat(server.run("EXISTS", "l")).isEqualTo(":0");
        assertThat(server.takeEffects())
                .containsExactly(
                        "0: RPUSH l a b 1",
                        "0: LPUSH l z",
                        "0: LPOP l",
                        "0: RPOP l 2",
                        "0: RPOP l");
    }

    @Test
    void whatChangesNothingLeavesNothing() {
        server.run("RPUSH", "l", "a");
        server.takeEffects();
        server.run("LPUSHX", "none", "a");
        server.run("LPOP", "none");
        server.run("LPOP", "l", "0");
        server.run("LREM", "l", "0", "b");
        server.run("LINSERT", "l", "BEFORE", "b", "c");
        server.run("LMPOP", "1", "none", "LEFT");
        server.run("LMOVE", "none", "l", "LEFT", "LEFT");
        server.run("LTRIM", "none", "0", "1");
        server.run("LSET", "l", "7", "b");
        assertThat(server.takeEffects()).isEmpty();
    }

    @Test
    void poppingSomewhereLeavesWhereItWas() {
        server.run("RPUSH", "b", "1", "2", "3", "4", "5");
        server.takeEffects();
        assertThat(server.run("LMPOP", "2", "a", "b", "RIGHT", "COUNT", "2"))
                .isEqualTo("*2 $1 b *2 $1 5 $1 4");
        assertThat(server.run("BLPOP", "a", "b", "0")).isEqualTo("*2 $1 b $1 1");
        assertThat(server.run("BLMPOP", "0", "1", "b", "LEFT", "COUNT", "9"))
                .isEqualTo("*2 $1 b *2 $1 2 $1 3");
        assertThat(server.takeEffects()).containsExactly("0: RPOP b 2", "0: LPOP b", "0: LPOP b 2");
    }

    @Test
    void movingThatMightHaveWaitedLeavesMoving() {
        server.run("RPUSH", "a", "1", "2", "3");
        server.takeEffects();
        assertThat(server.run("BLMOVE", "a", "b", "left", "right", "0")).isEqualTo("$1 1");
        assertThat(server.run("BRPOPLPUSH", "a", "b", "0")).isEqualTo("$1 3");
        assertThat(server.run("LRANGE", "b", "0", "-1")).isEqualTo("*2 $1 3 $1 1");
        assertThat(server.takeEffects())
                .containsExactly("0: LMOVE a b left right", "0: RPOPLPUSH a b");
    }

    @Test
    void aWaiterGetsWhatIsPushedAfterAllOfIt() {
        CommandTester.Session other = server.session();
        other.run("MULTI");
        other.run("RPUSH", "l", "a", "b");
        other.run("BRPOP", "l", "0");
        other.run("BLMOVE", "none", "l", "LEFT", "LEFT", "0");
        assertThat(other.run("EXEC")).isEqualTo("*3 :2 *2 $1 l $1 b $-1");
        assertThat(server.run("LRANGE", "l", "0", "-1")).isEqualTo("*1 $1 a");
    }

    @Test
    void watchersHearOfEveryChange() {
        String[][] changes = {
            {"RPUSH", "l", "x"},
            {"LPOP", "l"},
            {"LSET", "l", "0", "y"},
            {"LINSERT", "l", "BEFORE", "y", "z"},
            {"LREM", "l", "1", "z"},
            {"LTRIM", "l", "0", "-2"},
            {"LMOVE", "l", "l", "LEFT", "RIGHT"},
            {"LMOVE", "l", "l", "LEFT", "LEFT"},
            {"LTRIM", "l", "0", "-1"},
            {"LMOVE", "l", "m", "LEFT", "RIGHT"},
            {"LMOVE", "m", "l", "LEFT", "RIGHT"},
            {"LMPOP", "1", "l", "LEFT"},
        };
        server.run("RPUSH", "l", "a", "b", "c", "d");
        CommandTester.Session watcher = server.session();
        for (String[] change : changes) {
            watcher.run("WATCH", "l");
            server.run(change);
            watcher.run("MULTI");
            watcher.run("PING");
            assertThat(watcher.run("EXEC")).as(String.join(" ", change)).isEqualTo("*-1");
        }
    }

    @Test
    void aListOfAnySizeCanBeReadEverywhere() {
        for (int i = 0; i < 5_000; i++) {
            server.run(i % 2 == 0 ? "RPUSH" : "LPUSH", "l", "element:" + i);
        }
        assertThat(server.run("LINDEX", "l", "2500")).isEqualTo("$9 element:0");
        assertThat(server.run("LINDEX", "l", "0")).isEqualTo("$12 element:4999");
        assertThat(server.run("LPOS", "l", "element:4998")).isEqualTo(":4999");
        assertThat(server.run("LRANGE", "l", "2499", "2501"))
                .isEqualTo("*3 $9 element:1 $9 element:0 $9 element:2");
        assertThat(server.run("OBJECT", "ENCODING", "l")).isEqualTo("$9 quicklist");
        server.run("LTRIM", "l", "2490", "2509");
        assertThat(server.run("OBJECT", "ENCODING", "l")).isEqualTo("$8 listpack");
        assertThat(server.run("LLEN", "l")).isEqualTo(":20");
    }

    @Test
    void oneElementGoesRoundInPlace() {
        for (int size : new int[] {1, 3, 10_000}) {
            String[] push = new String[size + 2];
            push[0] = "RPUSH";
            push[1] = "l";
            for (int i = 0; i < size; i++) {
                push[i + 2] = String.join("", Collections.nCopies(i % 7, "x")) + i;
            }
            server.run(push);
            String first = server.run("LINDEX", "l", "0");
            assertThat(server.run("LMOVE", "l", "l", "LEFT", "RIGHT")).isEqualTo(first);
            assertThat(server.run("LINDEX", "l", "-1")).isEqualTo(first);
            assertThat(server.run("RPOPLPUSH", "l", "l")).isEqualTo(first);
            assertThat(server.run("LINDEX", "l", "0")).isEqualTo(first);
            assertThat(server.run("LLEN", "l")).isEqualTo(":" + size);
            server.run("DEL", "l");
        }
    }
}
