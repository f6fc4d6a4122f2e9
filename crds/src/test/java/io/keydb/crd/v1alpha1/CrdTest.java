package io.keydb.crd.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checked-in CRD is the one the types generate, and a cluster accepts it. */
class CrdTest {
    /** {@code kubectl apply} keeps a copy in an annotation, which holds at most 262144 bytes. */
    private static final int MAX_BYTES = 200_000;

    private static final String FILE = "keydbs.keydb.io-v1.yml";
    private static final Path CHECKED_IN =
            Path.of(System.getProperty("keydb.home"), "crds/src/main/crd", FILE);

    private static String generated = "";
    private static CustomResourceDefinition crd = new CustomResourceDefinition();

    @BeforeAll
    static void generate(@TempDir Path directory) throws IOException {
        new CRDGenerator()
                .customResourceClasses(KeyDB.class)
                .withParallelGenerationEnabled(false)
                .withPostProcessor(new CrdTidying())
                .inOutputDir(directory.toFile())
                .detailedGenerate();
        generated = Files.readString(directory.resolve(FILE));
        if (System.getProperty("update.crds") != null) {
            Files.createDirectories(CHECKED_IN.getParent());
            Files.writeString(CHECKED_IN, generated);
        }
        crd = Serialization.unmarshal(generated, CustomResourceDefinition.class);
    }

    @Test
    void checkedInCrdIsTheGeneratedOne() {
        assertThat(CHECKED_IN)
                .as("rewrite it with: ./mvnw -pl crds test -Dupdate.crds")
                .content()
                .isEqualTo(generated);
    }

    @Test
    void crdIsSmallEnoughForClientSideApply() {
        assertThat(Serialization.asJson(crd).getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThan(MAX_BYTES);
    }

    @Test
    void namesAreThoseTheDocumentationUses() {
        var names = crd.getSpec().getNames();
        assertThat(crd.getMetadata().getName()).isEqualTo("keydbs.keydb.io");
        assertThat(names.getKind()).isEqualTo("KeyDB");
        assertThat(names.getSingular()).isEqualTo("keydb");
        assertThat(names.getShortNames()).containsExactly("kdb");
        assertThat(names.getCategories()).contains("keydb");
    }

    @Test
    void statusAndScaleAreSubresources() {
        var subresources = crd.getSpec().getVersions().getFirst().getSubresources();
        assertThat(subresources.getStatus()).isNotNull();
        assertThat(subresources.getScale().getSpecReplicasPath()).isEqualTo(".spec.replicas");
        assertThat(subresources.getScale().getStatusReplicasPath()).isEqualTo(".status.replicas");
        assertThat(subresources.getScale().getLabelSelectorPath()).isEqualTo(".status.selector");
    }

    @Test
    void enumsHaveTheNamesOfYaml() {
        assertThat(generated.lines().map(String::strip))
                .containsSubsequence("enum:", "- \"ActiveReplica\"", "- \"MultiMaster\"")
                .containsSubsequence("enum:", "- \"Any\"", "- \"Preferred\"");
    }

    @Test
    void printerColumnsAreInDeclaredOrder() {
        assertThat(crd.getSpec().getVersions().getFirst().getAdditionalPrinterColumns())
                .extracting(CustomResourceColumnDefinition::getName)
                .containsExactly(
                        "Mode",
                        "Members",
                        "Serving",
                        "Writes",
                        "Ready",
                        "Reason",
                        "Endpoint",
                        "Age");
    }

    @Test
    void everyRuleIsThereOnceAndHasAMessage() {
        var rules = new ArrayList<ValidationRule>();
        collectRules(
                crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema(), rules);
        assertThat(rules).hasSizeGreaterThan(15).doesNotHaveDuplicates();
        assertThat(rules).allSatisfy(rule -> assertThat(rule.getMessage()).isNotBlank());
    }

    private static void collectRules(JSONSchemaProps schema, List<ValidationRule> rules) {
        if (schema.getXKubernetesValidations() != null) {
            rules.addAll(schema.getXKubernetesValidations());
        }
        schema.getProperties().values().forEach(property -> collectRules(property, rules));
    }
}
