package io.keydb.server.command.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stream commands leave to the log brings another server to the same state. */
class StreamEffectsTest {
    private static final long NOW = 1_700_000_000_000L;

    private final CommandTester server = new CommandTester();
    private final CommandTester copy = new CommandTester();

    @BeforeEach
    void laterElsewhere() {
        copy.clock().advanceMillis(7000);
    }

    @AfterEach
    void close() {
        assertThat(all(copy)).isEqualTo(all(server));
        server.close();
        copy.close();
    }

    private String run(String command) {
        return server.run(command.split(" "));
    }

    /** The effects of a command, which the copy gets too. */
    private List<String> effects(String command) {
        server.takeEffects();
        String reply = run(command);
        assertThat(reply).as(command).doesNotStartWith("-");
        List<String> effects = server.takeEffects();
        for (String effect : effects) {
            copy.run(effect.substring("0: ".length()).split(" "));
        }
        return effects;
    }

    private static String all(CommandTester tester) {
        StringBuilder state = new StringBuilder();
        for (String key : List.of("s", "t")) {
            state.append(tester.run("XRANGE", key, "-", "+"));
            state.append(tester.run("XINFO", "GROUPS", key));
            state.append(tester.run("XINFO", "STREAM", key));
            for (String group : List.of("g", "h")) {
                state.append(tester.run("XPENDING", key, group));
                String pending = tester.run("XPENDING", key, group, "-", "+", "100");
                state.append(pending.replaceAll(":[0-9]{3,}", ":idle"));
            }
            state.append('\n');
        }
        return state.toString();
    }

    @Test
    void addingNamesTheId() {
        assertThat(effects("XADD s * a 1")).containsExactly("0: XADD s " + NOW + "-0 a 1");
        assertThat(effects("XADD s * a 1")).containsExactly("0: XADD s " + NOW + "-1 a 1");
        assertThat(effects("XADD s NOMKSTREAM " + NOW + "-* a 1"))
                .containsExactly("0: XADD s NOMKSTREAM " + NOW + "-2 a 1");
        assertThat(effects("XADD s MAXLEN 2 * a 1"))
                .containsExactly("0: XADD s MAXLEN = 2 " + NOW + "-3 a 1");
        assertThat(effects("XADD s MAXLEN ~ 1 LIMIT 100 * a 1"))
                .containsExactly("0: XADD s MAXLEN = 3 " + NOW + "-4 a 1");
        assertThat(effects("XADD s MINID ~ 5 * a 1"))
                .containsExactly("0: XADD s MINID = " + NOW + "-0 " + NOW + "-5 a 1");
        assertThat(effects("XADD s MAXLEN 2 9999999999999-1 a 1"))
                .containsExactly("0: XADD s MAXLEN 2 9999999999999-1 a 1");
        assertThat(effects("XADD s MINID ~ 99999999999999 9999999999999-2 a 1"))
                .containsExactly(
                        "0: XADD s MINID = 18446744073709551615-18446744073709551615"
                                + " 9999999999999-2 a 1");
        assertThat(run("XLEN s")).isEqualTo(":0");
    }

    @Test
    void trimmingSaysHowFar() {
        for (int i = 1; i <= 150; i++) {
            effects("XADD s " + i + "-1 a 1");
        }
        assertThat(effects("XTRIM s MAXLEN ~ 40")).containsExactly("0: XTRIM s MAXLEN = 50");
        assertThat(effects("XTRIM s MAXLEN ~ 40")).isEmpty();
        assertThat(effects("XTRIM s MAXLEN 45")).containsExactly("0: XTRIM s MAXLEN 45");
        assertThat(effects("XTRIM s MINID ~ 151"))
                .containsExactly("0: XTRIM s MINID = 18446744073709551615-18446744073709551615");
        assertThat(effects("XADD s 200-1 a 1")).hasSize(1);
        assertThat(effects("XDEL s 200-1 3-3")).containsExactly("0: XDEL s 200-1 3-3");
        assertThat(effects("XDEL s 200-1 3-3")).isEmpty();
    }

    @Test
    void deliveringSaysWhatIsPending() {
        effects("XADD s 1-1 a 1");
        effects("XADD s 1-2 a 2");
        assertThat(effects("XGROUP CREATE s g 0")).containsExactly("0: XGROUP CREATE s g 0");
        assertThat(effects("XREADGROUP GROUP g c COUNT 1 STREAMS s >"))
                .containsExactly(
                        "0: XGROUP CREATECONSUMER s g c",
                        claim("c", "1-1", 1, "1-1"),
                        "0: XGROUP SETID s g 1-1 ENTRIESREAD 1");
        assertThat(effects("XREADGROUP GROUP g c NOACK STREAMS s >"))
                .containsExactly("0: XGROUP SETID s g 1-2 ENTRIESREAD 2");
        assertThat(effects("XREADGROUP GROUP g c STREAMS s 0"))
                .containsExactly(claim("c", "1-1", 2, "1-2"));
        assertThat(server.run("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">"))
                .isEqualTo("*-1");
        assertThat(server.takeEffects()).isEmpty();
        assertThat(effects("XCLAIM s g d 0 1-1 1-2"))
                .containsExactly("0: XGROUP CREATECONSUMER s g d", claim("d", "1-1", 3, "1-2"));
        assertThat(effects("XCLAIM s g d 0 1-2 FORCE RETRYCOUNT 9 IDLE 5 LASTID 1-1"))
                .containsExactly(
                        "0: XCLAIM s g d 0 1-2 TIME "
                                + (NOW - 5)
                                + " RETRYCOUNT 9 FORCE JUSTID LASTID 1-2");
        assertThat(effects("XAUTOCLAIM s g c 0 0 COUNT 1 JUSTID"))
                .containsExactly(claim("c", "1-1", 3, "1-2"));
        effects("XDEL s 1-2");
        assertThat(effects("XAUTOCLAIM s g e 0 1-2"))
                .containsExactly(
                        "0: XGROUP CREATECONSUMER s g e",
                        "0: XCLAIM s g d 0 1-2 TIME "
                                + (NOW - 5)
                                + " RETRYCOUNT 9 FORCE JUSTID LASTID 1-2");
        assertThat(effects("XCLAIM s g e 0 7-7 LASTID 5-5"))
                .containsExactly("0: XGROUP SETID s g 5-5 ENTRIESREAD 2");
        assertThat(effects("XACK s g 1-1 9-9")).containsExactly("0: XACK s g 1-1 9-9");
        assertThat(effects("XACK s g 1-1")).isEmpty();
        assertThat(effects("XGROUP DELCONSUMER s g c")).hasSize(1);
        assertThat(effects("XGROUP DELCONSUMER s g c")).isEmpty();
        assertThat(effects("XGROUP DESTROY s g")).hasSize(1);
        assertThat(effects("XGROUP DESTROY s g")).isEmpty();
        effects("XGROUP CREATE t h $ MKSTREAM ENTRIESREAD 0");
    }

    private static String claim(String consumer, String id, int times, String last) {
        return "0: XCLAIM s g "
                + consumer
                + " 0 "
                + id
                + " TIME "
                + NOW
                + " RETRYCOUNT "
                + times
                + " FORCE JUSTID LASTID "
                + last;
    }
}
