package io.keydb.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.database.Password;
import io.keydb.operator.observe.Member;
import io.keydb.operator.observe.Observation;
import io.keydb.operator.observe.PasswordSource;
import io.keydb.operator.plan.Planner;
import io.keydb.operator.plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From a resource to the objects made for it: {@code in.yaml} gives {@code out.yaml}. Rewritten
 * with {@code -Dupdate.goldens}.
 */
class GoldenObjectsTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("keydb.home"), "operator/src/test/resources/golden");

    private static final ObjectMapper ORDERED =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    @ParameterizedTest
    @ValueSource(strings = {"standalone", "active-replica", "ephemeral-open", "everything"})
    void resourceGivesTheGoldenObjects(String name) throws IOException {
        var input = Files.readString(GOLDEN.resolve(name).resolve("in.yaml"));
        var objects = objects(Serialization.unmarshal(input, KeyDB.class));
        var output = GOLDEN.resolve(name).resolve("out.yaml");
        if (System.getProperty("update.goldens") != null) {
            Files.writeString(output, objects);
        }

        assertThat(output).content().isEqualTo(objects);
    }

    private static String objects(KeyDB keydb) {
        var planner = new Planner("keydb-server:test", () -> new Password("generated"));
        return planner.plan(nothing(keydb), Instant.EPOCH).steps().stream()
                .filter(Step.Apply.class::isInstance)
                .map(Step.Apply.class::cast)
                .map(Step.Apply::object)
                .map(GoldenObjectsTest::yaml)
                .collect(Collectors.joining());
    }

    /** Maps are unordered; golden files are not. */
    private static String yaml(HasMetadata object) {
        try {
            return Serialization.asYaml(ORDERED.readTree(ORDERED.writeValueAsString(object)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Observation nothing(KeyDB keydb) {
        var members =
                IntStream.range(0, keydb.getSpec().members())
                        .mapToObj(ordinal -> missing(keydb, ordinal))
                        .toList();
        var source =
                keydb.getSpec().auth().enabled()
                        ? new PasswordSource.Generated()
                        : new PasswordSource.Unused();
        return new Observation(keydb, members, List.of(), Optional.empty(), source);
    }

    private static Member missing(KeyDB keydb, int ordinal) {
        return new Member(
                ordinal,
                Names.of(keydb).member(ordinal),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
