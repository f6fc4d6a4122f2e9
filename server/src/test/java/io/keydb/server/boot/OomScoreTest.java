package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.config.ChangeRefused;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Configuration.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel is told how gladly it may end the process, by role and by directive. */
class OomScoreTest {
    private final Path file;
    private final Configuration configuration = new Configuration(ServerDirectives.all());
    private boolean replica;

    OomScoreTest(@TempDir Path folder) throws IOException {
        file = Files.writeString(folder.resolve("oom_score_adj"), "11\n");
        set("oom-score-adj-values", "1 +20 800");
    }

    @Test
    void nothingIsWrittenUnlessAskedFor() {
        new OomScore(file, configuration, () -> replica).start();
        assertThat(file).hasContent("11\n");
    }

    @Test
    void theRoleDecides() throws IOException {
        set("oom-score-adj", "relative");
        OomScore score = new OomScore(file, configuration, () -> replica);
        score.start();
        assertThat(file).hasContent("12");
        replica = true;
        score.tick();
        assertThat(file).hasContent("31");
    }

    @Test
    void changesCountAtOnceAndNoBringsTheFirstScoreBack() throws IOException {
        new OomScore(file, configuration, () -> replica).start();
        set("oom-score-adj", "absolute");
        assertThat(file).hasContent("1");
        set("oom-score-adj-values", "-2000 0 0");
        assertThat(file).hasContent("-1000");
        set("oom-score-adj", "no");
        assertThat(file).hasContent("11");
    }

    @Test
    void aScoreThatCannotBeSetIsRefused() throws IOException {
        new OomScore(file.resolveSibling("none/oom"), configuration, () -> replica).start();
        assertThatThrownBy(() -> change("oom-score-adj", "yes"))
                .isInstanceOfSatisfying(
                        ChangeRefused.class,
                        refused ->
                                assertThat(refused.text())
                                        .endsWith(
                                                "Failed to set current oom_score_adj. Check server"
                                                        + " logs."));
    }

    private void set(String name, String value) {
        try {
            change(name, value);
        } catch (ChangeRefused refused) {
            throw new AssertionError(refused.text(), refused);
        }
    }

    private void change(String name, String value) throws ChangeRefused {
        configuration.change(List.of(new Assignment(name, value)));
    }
}
