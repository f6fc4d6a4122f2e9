package io.keydb.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What others add to an object does not matter, what they change does. */
class JsonTest {
    @Test
    void additionsDoNotMatter() {
        assertThat(Json.contains(Map.of("a", 1, "b", 2), Map.of("a", 1))).isTrue();
        assertThat(
                        Json.contains(
                                Map.of("l", List.of(Map.of("x", 1, "y", 2))),
                                Map.of("l", List.of(Map.of("x", 1)))))
                .isTrue();
    }

    @Test
    void changesMatter() {
        assertThat(Json.contains(Map.of("a", 2), Map.of("a", 1))).isFalse();
        assertThat(Json.contains(Map.of(), Map.of("a", 1))).isFalse();
        assertThat(Json.contains(Map.of("l", List.of(1, 2)), Map.of("l", List.of(1)))).isFalse();
        assertThat(Json.contains(Map.of("l", List.of(2)), Map.of("l", List.of(1)))).isFalse();
    }

    @Test
    void quantitiesAreComparedByWhatTheyMean() {
        assertThat(Json.contains(Map.of("m", "1Gi"), Map.of("m", "1024Mi"))).isTrue();
        assertThat(Json.contains(Map.of("m", "1"), Map.of("m", "1000m"))).isTrue();
        assertThat(Json.contains(Map.of("m", "1Gi"), Map.of("m", "1G"))).isFalse();
        assertThat(Json.contains(Map.of("m", "yes"), Map.of("m", "no"))).isFalse();
    }

    @Test
    void hashDoesNotDependOnTheOrderOfAMap() {
        assertThat(Json.hash(Map.of("a", 1, "b", 2))).isEqualTo(Json.hash(Map.of("b", 2, "a", 1)));
        assertThat(Json.hash(Map.of("a", 1))).isNotEqualTo(Json.hash(Map.of("a", 2)));
    }
}
