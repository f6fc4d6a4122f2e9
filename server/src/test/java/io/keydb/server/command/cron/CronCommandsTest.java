package io.keydb.server.command.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CronCommandsTest {
    private static final String WRONG_TYPE =
            "-WRONGTYPE Operation against a key holding the wrong kind of value";

    private final CommandTester tester = new CommandTester();

    @AfterEach
    void close() {
        tester.close();
    }

    @Test
    void aJobIsAKeyOfItsOwnType() {
        assertThat(cron("job", "REPEAT", "100", "return 1")).isEqualTo("+OK");
        assertThat(tester.run("TYPE", "job")).isEqualTo("+keydb.cron");
        assertThat(tester.run("OBJECT", "ENCODING", "job")).isEqualTo("$3 raw");
        assertThat(tester.run("GET", "job")).isEqualTo(WRONG_TYPE);
        assertThat(tester.run("HLEN", "job")).isEqualTo(WRONG_TYPE);
        assertThat(tester.run("LPUSH", "job", "a")).isEqualTo(WRONG_TYPE);
        assertThat(tester.run("SCAN", "0", "TYPE", "keydb.cron")).isEqualTo("*2 $1 0 *1 $3 job");
        assertThat(tester.run("EXISTS", "job")).isEqualTo(":1");
        assertThat(tester.run("TTL", "job")).isEqualTo(":-1");
        assertThat(tester.run("TTL", "job", "member")).isEqualTo(":-1");
        assertThat(tester.run("DEL", "job")).isEqualTo(":1");
        assertThat(tester.run("TYPE", "job")).isEqualTo("+none");
    }

    @Test
    void itTakesTheFormsOfKeyDb() {
        assertThat(cron("job", "single", "500", "return 1")).isEqualTo("+OK");
        assertThat(cron("job", "repeat", "0", "500", "return 1")).isEqualTo("+OK");
        assertThat(cron("job", "REPEAT", "0", "500", "return 1", "1", "k")).isEqualTo("+OK");
        assertThat(cron("job", "REPEAT", "500", "return 1", "1", "k", "a", "b")).isEqualTo("+OK");
        assertThat(cron("job", "ONCE", "500", "return 1")).isEqualTo("-ERR syntax error");
        assertThat(cron("job", "SINGLE", "soon", "return 1")).isEqualTo("-ERR missing expire time");
        assertThat(cron("job", "SINGLE", "0", "return 1"))
                .isEqualTo("-ERR interval must be positive");
        assertThat(cron("job", "SINGLE", "0", "0", "return 1"))
                .isEqualTo("-ERR interval must be positive");
        assertThat(cron("job", "SINGLE", "0", "500")).isEqualTo("-ERR syntax error");
        assertThat(cron("job", "SINGLE", "500", "return 1", "x"))
                .isEqualTo("-ERR value is not an integer or out of range");
        for (String keys : new String[] {"2", "-1", "9223372036854775807"}) {
            assertThat(cron("job", "SINGLE", "500", "return 1", keys, "k"))
                    .isEqualTo("-ERR Missing arguments or numkeys is too big");
        }
        for (String start : new String[] {"-1", "9223372036854775807"}) {
            assertThat(cron("job", "SINGLE", start, "1", "return 1"))
                    .isEqualTo("-ERR invalid expire time in 'keydb.cron' command");
        }
        assertThat(tester.run("KEYDB.CRON", "job", "SINGLE", "1"))
                .isEqualTo("-ERR wrong number of arguments for 'keydb.cron' command");
    }

    @Test
    void theLogGetsTheJobItself() {
        for (boolean isActive : new boolean[] {false, true}) {
            try (CommandTester other = new CommandTester(isActive)) {
                other.run("KEYDB.CRON", "job", "REPEAT", "500", "return 1", "1", "k", "a");
                other.run("MULTI");
                other.run("KEYDB.CRON", "job", "SINGLE", "7", "500", "return 1");
                other.run("SET", "k", "v");
                other.run("EXEC");
                List<String> effects = other.takeEffects();
                assertThat(effects.getFirst())
                        .startsWith("0: RESTORE job 0 @")
                        .contains("1700000000500");
                assertThat(effects.get(1)).startsWith("0: RESTORE job 0 @").endsWith(" REPLACE");
                assertThat(effects.get(2)).isEqualTo("0: SET k v");
            }
        }
    }

    @Test
    void itTakesThePlaceOfWhatTheKeyHeld() {
        tester.run("SET", "job", "x", "EX", "100");
        assertThat(cron("job", "REPEAT", "500", "return 1")).isEqualTo("+OK");
        assertThat(tester.run("TTL", "job")).isEqualTo(":-1");
        assertThat(cron("job", "REPEAT", "500", "x".repeat(10_000))).isEqualTo("+OK");
        assertThat(tester.run("SET", "job", "x")).isEqualTo("+OK");
        assertThat(tester.run("GET", "job")).isEqualTo("$1 x");
    }

    @Test
    void whatWorksOnEveryKeyWorksOnJobs() {
        String script = "x".repeat(5000);
        cron("job", "SINGLE", "500", script, "1", "k", "a");
        String digest = tester.run("DUMP", "job");
        assertThat(tester.run("COPY", "job", "copy")).isEqualTo(":1");
        assertThat(tester.run("RENAME", "job", "renamed")).isEqualTo("+OK");
        assertThat(tester.run("MOVE", "renamed", "3")).isEqualTo(":1");
        tester.run("SELECT", "3");
        assertThat(tester.run("TYPE", "renamed")).isEqualTo("+keydb.cron");
        assertThat(tester.run("EXPIRE", "renamed", "100")).isEqualTo(":1");
        assertThat(tester.run("PERSIST", "renamed")).isEqualTo(":1");
        assertThat(tester.run("SWAPDB", "0", "3")).isEqualTo("+OK");
        assertThat(tester.run("TYPE", "copy")).isEqualTo("+keydb.cron");
        assertThat(tester.run("RENAME", "copy", "job")).isEqualTo("+OK");
        assertThat(tester.run("DUMP", "job")).isEqualTo(digest);
        assertThat(tester.run("FLUSHALL")).isEqualTo("+OK");
    }

    @Test
    void watchersAreTold() {
        CommandTester.Session watcher = tester.session();
        cron("job", "REPEAT", "500", "return 1");
        watcher.run("WATCH", "job");
        cron("job", "REPEAT", "600", "return 1");
        watcher.run("MULTI");
        watcher.run("PING");
        assertThat(watcher.run("EXEC")).isEqualTo("*-1");
    }

    private String cron(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "KEYDB.CRON";
        System.arraycopy(words, 0, all, 1, words.length);
        return tester.run(all);
    }
}
