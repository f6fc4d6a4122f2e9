package io.keydb.crd.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reading a resource fills in the defaults of the schema, and writing it back loses nothing. */
class KeyDBTest {
    @Test
    void absentFieldsHaveTheDefaultsOfTheSchema() {
        var spec = read("topology: {mode: ActiveReplica}");

        assertThat(spec.members()).isEqualTo(2);
        assertThat(spec.traffic()).isEqualTo(new Traffic(WritePolicy.PREFERRED, null));
        assertThat(spec.persistence().type()).isEqualTo(PersistenceType.PERSISTENT);
        assertThat(spec.persistence().size()).isEqualTo("1Gi");
        assertThat(spec.persistence().reclaim())
                .isEqualTo(new Reclaim(ReclaimPolicy.RETAIN, ReclaimPolicy.RETAIN));
        assertThat(spec.auth().enabled()).isTrue();
        assertThat(spec.services().any().type()).isEqualTo(ServiceType.CLUSTER_IP);
        assertThat(spec.config()).isEmpty();
        assertThat(spec.paused()).isFalse();
    }

    @Test
    void givenFieldsAreKept() {
        var spec =
                read(
                        "topology: {mode: MultiMaster}, replicas: 5, traffic: {writePolicy: Any}, config: {hz: '20'},"
                                + " auth: {passwordSecretRef: {name: p}}, paused: true");

        assertThat(spec.members()).isEqualTo(5);
        assertThat(spec.traffic().writePolicy()).isEqualTo(WritePolicy.ANY);
        assertThat(spec.config()).isEqualTo(Map.of("hz", "20"));
        assertThat(spec.auth().passwordSecretRef())
                .isEqualTo(new SecretKeyReference("p", "password"));
        assertThat(spec.paused()).isTrue();
    }

    @Test
    void writingAndReadingAgainGivesTheSame() {
        var spec = read("topology: {mode: Standalone}, resources: {limits: {memory: 1Gi}}");

        var again = Serialization.unmarshal(Serialization.asYaml(spec), KeyDBSpec.class);

        assertThat(again).isEqualTo(spec);
    }

    @Test
    void emptyStatusOfAnOlderOperatorIsReadable() {
        var status = Serialization.unmarshal("---\nphase: Running", KeyDBStatus.class);

        assertThat(status.members()).isEmpty();
        assertThat(status.conditions()).isEmpty();
        assertThat(status.phase()).isEqualTo(Phase.RUNNING);
    }

    private static KeyDBSpec read(String fields) {
        var yaml =
                "---\n{apiVersion: keydb.io/v1alpha1, kind: KeyDB, metadata: {name: cart}, spec: {"
                        + fields
                        + "}}";
        return Serialization.unmarshal(yaml, KeyDB.class).getSpec();
    }
}
