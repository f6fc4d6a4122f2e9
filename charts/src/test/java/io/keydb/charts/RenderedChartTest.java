package io.keydb.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the charts render, what they refuse, and what they tell the user. */
class RenderedChartTest {
    private static final String VERSION = System.getProperty("project.version", "");
    private static final String REFUSAL = "# refused with: ";

    static Stream<Arguments> golden() {
        return cases("golden");
    }

    static Stream<Arguments> refused() {
        return cases("refused");
    }

    static List<Chart> charts() {
        return Chart.ALL;
    }

    private static Stream<Arguments> cases(String kind) {
        return Chart.ALL.stream()
                .flatMap(
                        chart ->
                                chart.valuesFiles(kind).stream()
                                        .map(
                                                file ->
                                                        Arguments.of(
                                                                chart,
                                                                Named.of(caseName(file), file))));
    }

    private static String caseName(Path values) {
        return values.getFileName().toString().replace(".values.yaml", "");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("golden")
    void rendersWhatIsExpected(Chart chart, Path values) {
        DerivedFile.check(
                values.resolveSibling(caseName(values) + ".expected.yaml"),
                withoutDefinitions(chart.render(values)).replace(VERSION, "@version@") + "\n");
    }

    /** The custom resource definitions are long and have a test of their own. */
    private static String withoutDefinitions(String rendered) {
        return Stream.of(rendered.strip().split("(?m)^---\n"))
                .map(
                        document ->
                                document.contains("kind: \"CustomResourceDefinition\"")
                                        ? "# Source: custom resource definition\n"
                                        : document)
                .collect(Collectors.joining("---\n"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("golden")
    void everyFieldExists(Chart chart, Path values) {
        assertThat(Manifests.read(chart.render(values))).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("golden")
    void notesSayHowToGoOn(Chart chart, Path values) {
        assertThat(chart.notes(values))
                .contains("kubectl -n demo-namespace")
                .doesNotContain("<no value>", "%!");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void refusesBadValuesWithAMessage(Chart chart, Path values) throws IOException {
        String first = Files.readAllLines(values).getFirst();
        assertThat(first).as("first line of %s", values).startsWith(REFUSAL);
        assertThatThrownBy(() -> chart.render(values))
                .hasMessageContaining(first.substring(REFUSAL.length()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("charts")
    void lintsWithoutAComplaint(Chart chart) {
        LintResult result = chart.lint();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("WARNING"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("charts")
    void hasTheVersionOfTheBuild(Chart chart) throws IOException {
        assertThat(Files.readString(chart.folder().resolve("Chart.yaml")))
                .contains("\nversion: " + VERSION + "\n", "\nappVersion: " + VERSION + "\n");
    }

    @Test
    void aMisspeltFieldWouldBeFound() {
        assertThatThrownBy(
                        () ->
                                Manifests.read(
                                        """
                                        apiVersion: v1
                                        kind: Service
                                        metadata: {name: a}
                                        spec: {port: []}
                                        """))
                .hasMessageContaining("port");
    }
}
