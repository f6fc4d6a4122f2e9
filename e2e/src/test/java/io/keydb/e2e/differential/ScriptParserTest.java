package io.keydb.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.e2e.differential.Script.Action;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A script means what {@link ScriptParser} says it means. */
class ScriptParserTest {

    @Test
    void wordsAreQuotedAsInTheCommandLineClient() {
        assertThat(Words.split("SET  key \"a b\\r\\n\\x00\\xff\\\"\" 'it \\n' \"\""))
                .containsExactly("SET", "key", "a b\r\n\0\u00ff\"", "it \\n", "");
    }

    @Test
    void unbalancedQuotesNameTheLine() {
        assertThatThrownBy(() -> ScriptParser.parse("group/name", "PING\nSET a \"b"))
                .hasMessageContaining("group/name:2");
    }

    @Test
    void anUnknownModeIsRefused() {
        assertThatThrownBy(() -> ScriptParser.parse("group/name", "@roughly GET a"))
                .hasMessageContaining("no such mode: @roughly");
    }

    @Test
    void connectionModeAndVariableStandBeforeTheCommand() {
        Script script = ScriptParser.parse("g/n", "# note\n\n$id = B: @near 10 PTTL key\n");
        assertThat(script.steps()).hasSize(1);
        Script.Step step = script.steps().getFirst();
        assertThat(step.line()).isEqualTo(3);
        assertThat(step.connection()).isEqualTo("B");
        assertThat(step.action())
                .isInstanceOfSatisfying(
                        Action.Call.class,
                        call -> {
                            assertThat(call.words()).containsExactly("PTTL", "key");
                            assertThat(call.variable()).isEqualTo("id");
                        });
    }

    @Test
    void optionsHoldForTheWholeScript() {
        Script script =
                ScriptParser.parse("g/n", "%server --maxclients 3\n%plain\n%needs LPUSH\nPING");
        assertThat(script.serverDirectives()).contains(List.of("--maxclients", "3"));
        assertThat(script.protocols()).containsExactly(2);
        assertThat(script.needs()).containsExactly("LPUSH");
    }
}
