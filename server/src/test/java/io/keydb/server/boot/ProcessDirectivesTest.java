package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.config.ChangeRefused;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Configuration.Assignment;
import io.keydb.server.config.Directive;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Directives of the process refuse what stock refuses, in its words. */
class ProcessDirectivesTest {
    private final Configuration configuration = new Configuration(ServerDirectives.all());

    @Test
    void aTemplateKnowsItsVariables() throws Exception {
        change("proc-title-template", "x {title} {port}{config-file}");
        for (String bad : List.of("{nosuch}", "  ", "", "{title", "{}")) {
            assertRefused(
                    "proc-title-template",
                    bad,
                    "template format is invalid or contains unknown variables");
        }
    }

    @Test
    void adjustmentsAreThreeNumbers() throws Exception {
        change("oom-score-adj-values", "-2000 +5 2000");
        assertThat(configuration.text(ProcessDirectives.OOM_SCORE_ADJ_VALUES))
                .isEqualTo("-2000 5 2000");
        assertRefused("oom-score-adj-values", "1 2", "wrong number of arguments");
        for (String bad : List.of("1 2 x", "1 2 2001", "-2001 2 3")) {
            assertRefused(
                    "oom-score-adj-values",
                    bad,
                    "Invalid oom-score-adj-values, elements must be between -2000 and 2000.");
        }
    }

    @Test
    void relativeIsAnotherWordForYes() throws Exception {
        change("oom-score-adj", "relative");
        assertThat(configuration.text(ProcessDirectives.OOM_SCORE_ADJ)).isEqualTo("yes");
    }

    @Test
    void whatSomebodyWouldMissIsRefused() {
        for (String name : List.of("cluster-enabled", "storage-provider", "scratch-file-path")) {
            Directive<?> directive = configuration.directives().find(name);
            assertThat(directive).isNotNull();
            assertThatThrownBy(
                            () ->
                                    TestServers.configuration(
                                            "--" + name,
                                            name.equals("cluster-enabled") ? "yes" : "flash"))
                    .hasMessageContaining(name);
        }
    }

    private void change(String name, String value) throws ChangeRefused {
        configuration.change(List.of(new Assignment(name, value)));
    }

    private void assertRefused(String name, String value, String reason) {
        assertThatThrownBy(() -> change(name, value))
                .isInstanceOfSatisfying(
                        ChangeRefused.class,
                        refused -> assertThat(refused.text()).as(value).endsWith(" - " + reason));
    }
}
