package io.keydb.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.operator.boot.Settings;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The environment variables that the chart sets are settings that the operator reads: a misspelt
 * one would go unnoticed.
 */
class OperatorSettingsTest {
    private static final String PREFIX = "KEYDB_";

    /** Read by the shell script that is the image's entry point. */
    private static final String JAVA_OPTIONS = "KEYDB_JAVA_OPTS";

    @Test
    void everyVariableOfTheChartIsASettingOfTheOperator() {
        List<String> settings = variables(Settings.class, PREFIX).toList();
        assertThat(settings).contains("KEYDB_SERVER_IMAGE");
        assertThat(variablesOfTheDeployment())
                .hasSizeGreaterThan(2)
                .allSatisfy(variable -> assertThat(settings).contains(variable));
    }

    /**
     * The variables that a mapping interface reads: its methods, and those of nested interfaces
     * behind their name.
     */
    private static Stream<String> variables(Class<?> mapping, String prefix) {
        return Stream.of(mapping.getDeclaredMethods())
                .flatMap(
                        method ->
                                method.getReturnType().getEnclosingClass() == Settings.class
                                        ? variables(
                                                method.getReturnType(), prefix + word(method) + "_")
                                        : Stream.of(prefix + word(method)));
    }

    private static String word(Method method) {
        return method.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }

    private static List<String> variablesOfTheDeployment() {
        Path values =
                Chart.MODULE.resolve(
                        "src/test/resources/golden/keydb-operator/everything.values.yaml");
        return Manifests.documents(Chart.OPERATOR.render(values)).stream()
                .filter(document -> document.path("kind").asText().equals("Deployment"))
                .map(document -> document.at("/spec/template/spec/containers/0/env"))
                .flatMap(variables -> StreamSupport.stream(variables.spliterator(), false))
                .map((JsonNode variable) -> variable.path("name").asText())
                .filter(name -> name.startsWith(PREFIX) && !name.equals(JAVA_OPTIONS))
                .toList();
    }
}
