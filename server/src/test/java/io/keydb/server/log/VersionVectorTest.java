package io.keydb.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Vectors behave like sets of units. */
class VersionVectorTest {
    private static final NodeId A = new NodeId("a".repeat(40));
    private static final NodeId B = new NodeId("b".repeat(40));

    private final VersionVector vector = new VersionVector();

    @Test
    void anEmptyVectorCoversNothingButTheRunNumberItself() {
        Origin origin = new Origin(A, 100);
        assertThat(vector.covers(origin, 101)).isFalse();
        assertThat(vector.last(origin)).isEqualTo(100);
        assertThat(vector.toString()).isEqualTo("-");
    }

    @Test
    void runsOfOneNodeAreKeptApart() {
        vector.advance(new Origin(A, 100), 105);
        vector.advance(new Origin(A, 200), 201);
        assertThat(vector.covers(new Origin(A, 100), 106)).isFalse();
        assertThat(vector.covers(new Origin(A, 200), 201)).isTrue();
        assertThat(vector.latest()).isEqualTo(Map.of(A, 201L));
    }

    @Test
    void aFloorCoversAllEarlierRunsAndForgetsTheirNumbers() {
        vector.advance(new Origin(A, 100), 105);
        vector.advance(new Origin(A, 200), 201);
        vector.raiseFloor(A, 200);
        assertThat(vector.covers(new Origin(A, 100), 1_000)).isTrue();
        assertThat(vector.numbers()).containsOnlyKeys(new Origin(A, 200));
        vector.advance(new Origin(A, 100), 110);
        assertThat(vector.numbers()).containsOnlyKeys(new Origin(A, 200));
    }

    @Test
    void textIsReadBack() {
        vector.advance(new Origin(A, 100), 105);
        vector.advance(new Origin(B, 7), 8);
        vector.raiseFloor(B, 7);
        assertThat(vector.toString()).isEqualTo(B + ":7^," + A + ":100=105," + B + ":7=8");
        assertThat(VersionVector.parse(vector.toString())).contains(vector);
        assertThat(VersionVector.parse("-")).contains(new VersionVector());
    }

    @Test
    void malformedTextIsRefused() {
        for (String text :
                List.of(
                        "",
                        "x",
                        A + ":",
                        A + ":1",
                        A + ":1=",
                        A + ":-1=2",
                        A + ":1=-2",
                        ",",
                        A + ":x^")) {
            assertThat(VersionVector.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void joinAndCoverAgreeWithSetsOfUnits() {
        long seed = Long.getLong("keydb.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<Map<Origin, Long>> models = new ArrayList<>();
            List<VersionVector> vectors = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Map<Origin, Long> model = new TreeMap<>();
                VersionVector made = new VersionVector();
                for (int n = random.nextInt(6); n > 0; n--) {
                    Origin origin =
                            new Origin(random.nextBoolean() ? A : B, random.nextInt(3) * 100L);
                    long number = origin.run() + 1 + random.nextInt(5);
                    model.merge(origin, number, Math::max);
                    made.advance(origin, number);
                }
                models.add(model);
                vectors.add(made);
            }
            Map<Origin, Long> other = models.get(1);
            boolean covers =
                    other.entrySet().stream()
                            .allMatch(
                                    entry ->
                                            models.get(0).getOrDefault(entry.getKey(), 0L)
                                                    >= entry.getValue());
            assertThat(vectors.get(0).covers(vectors.get(1))).as("seed %d", seed).isEqualTo(covers);
            other.forEach((origin, number) -> models.get(0).merge(origin, number, Math::max));
            vectors.get(0).join(vectors.get(1));
            assertThat(vectors.get(0).numbers()).as("seed %d", seed).isEqualTo(models.get(0));
        }
    }
}
