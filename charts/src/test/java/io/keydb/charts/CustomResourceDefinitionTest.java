package io.keydb.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The operator's chart carries the custom resource definitions of the module {@code crds},
 * unchanged.
 */
class CustomResourceDefinitionTest {
    private static final Path SOURCE = Chart.REPOSITORY.resolve("crds/src/main/crd");
    private static final Path COPY = Chart.OPERATOR.folder().resolve("files/crds");

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Path golden(String name) {
        return Chart.MODULE.resolve(
                "src/test/resources/golden/keydb-operator/" + name + ".values.yaml");
    }

    private static List<JsonNode> renderedDefinitions(String values) {
        return Manifests.documents(Chart.OPERATOR.render(golden(values))).stream()
                .filter(
                        document ->
                                document.path("kind").asText().equals("CustomResourceDefinition"))
                .toList();
    }

    @Test
    void chartHasTheGeneratedDefinitions() throws IOException {
        List<String> names = names(SOURCE);
        assertThat(names).isNotEmpty();
        for (String name : names) {
            DerivedFile.check(COPY.resolve(name), Files.readString(SOURCE.resolve(name)));
        }
        assertThat(names(COPY)).isEqualTo(names);
    }

    @Test
    void installedDefinitionsHaveTheGeneratedSpecAndAreKept() throws IOException {
        List<JsonNode> rendered = renderedDefinitions("defaults");
        assertThat(rendered).hasSameSizeAs(names(SOURCE));
        for (JsonNode definition : rendered) {
            String file = definition.at("/metadata/name").asText() + "-v1.yml";
            JsonNode source = Manifests.YAML.readTree(SOURCE.resolve(file).toFile());
            assertThat(definition.path("spec")).isEqualTo(source.path("spec"));
            assertThat(definition.at("/metadata/annotations/helm.sh~1resource-policy").asText())
                    .isEqualTo("keep");
        }
    }

    @Test
    void definitionsCanBeLeftToUninstallAndLeftOut() {
        List<JsonNode> unkept = renderedDefinitions("namespaces");
        assertThat(unkept).isNotEmpty();
        for (JsonNode definition : unkept) {
            assertThat(definition.path("metadata").has("annotations")).isFalse();
        }
        assertThat(renderedDefinitions("own-namespace")).isEmpty();
    }
}
