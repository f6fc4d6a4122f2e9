package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.config.InvalidValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputLimitsTest {
    private final OutputLimits.Form form = new OutputLimits.Form();

    @Test
    void classesNotNamedStayAsTheyAre() throws Exception {
        OutputLimits.Form.Value first =
                form.parse(List.of("normal", "1mb", "512kb", "3", "replica", "0", "0", "0"));
        assertThat(form.print(first))
                .isEqualTo("normal 1048576 524288 3 slave 0 0 0 pubsub 33554432 8388608 60");
        OutputLimits.Form.Value second = form.parse(List.of("pubsub 1 2 3"));
        assertThat(form.print(form.combined(first, second, false)))
                .isEqualTo("normal 1048576 524288 3 slave 0 0 0 pubsub 1 2 3");
    }

    @Test
    void everyClassHasALineOfItsOwn() throws Exception {
        assertThat(form.lines(form.parse(List.of("slave", "1", "2", "3"))))
                .containsExactly("normal 0 0 0", "slave 1 2 3", "pubsub 33554432 8388608 60");
    }

    @Test
    void whatIsNoLimitIsRefused() {
        assertRefused("Wrong number of arguments in buffer limit configuration.", "normal", "1");
        assertRefused(
                "Invalid client class specified in buffer limit configuration.",
                "nobody",
                "0",
                "0",
                "0");
        assertRefused(
                "Error in hard, soft or soft_seconds setting in buffer limit configuration.",
                "normal",
                "0",
                "0",
                "-1");
        assertRefused(
                "Error in hard, soft or soft_seconds setting in buffer limit configuration.",
                "normal",
                "x",
                "0",
                "0");
    }

    private void assertRefused(String reason, String... words) {
        assertThatThrownBy(() -> form.parse(List.of(words)))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
