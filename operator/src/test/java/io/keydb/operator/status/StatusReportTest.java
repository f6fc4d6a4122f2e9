package io.keydb.operator.status;

import static io.keydb.operator.TestResources.keydb;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.keydb.crd.v1alpha1.KeyDBStatus;
import io.keydb.crd.v1alpha1.LinkStatus;
import io.keydb.crd.v1alpha1.MemberStatus;
import io.keydb.crd.v1alpha1.Phase;
import io.keydb.operator.observe.PasswordSource;
import io.keydb.operator.plan.Finding;
import io.keydb.operator.plan.Reason;
import io.keydb.operator.plan.SimulatedCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The status says what is, in the words kstatus understands, and changes only when something does.
 */
class StatusReportTest {
    private static final String PAIR = "topology: {mode: ActiveReplica}";

    private static SimulatedCluster settled(String spec) {
        var cluster = new SimulatedCluster(keydb(spec));
        cluster.settle();
        return cluster;
    }

    private static KeyDBStatus status(SimulatedCluster cluster, Finding... failures) {
        return StatusReport.of(cluster.observe(), cluster.plan(), List.of(failures), cluster.now());
    }

    private static Condition condition(KeyDBStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static String value(KeyDBStatus status, String type) {
        return condition(status, type).getStatus();
    }

    @Test
    void settledPairIsReady() {
        var status = status(settled(PAIR));

        assertThat(status.phase()).isEqualTo(Phase.RUNNING);
        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(status.replicas()).isEqualTo(2);
        assertThat(status.readyReplicas()).isEqualTo(2);
        assertThat(status.writeMember()).isEqualTo("cart-0");
        assertThat(status.selector()).isEqualTo("keydb.io/cluster=cart");
        assertThat(value(status, "Ready")).isEqualTo("True");
        assertThat(value(status, "Available")).isEqualTo("True");
        assertThat(value(status, "ReplicationHealthy")).isEqualTo("True");
        assertThat(value(status, "Degraded")).isEqualTo("False");
        assertThat(value(status, "Reconciling")).isEqualTo("False");
        assertThat(value(status, "Stalled")).isEqualTo("False");
        assertThat(status.conditions())
                .allMatch(condition -> condition.getObservedGeneration() == 3)
                .noneMatch(condition -> condition.getReason().isEmpty());
    }

    @Test
    void membersAreListedWithTheirLinks() {
        assertThat(status(settled(PAIR)).members())
                .containsExactly(member(0, true), member(1, false));
    }

    private static MemberStatus member(int ordinal, boolean writes) {
        return new MemberStatus(
                "cart-" + ordinal,
                ordinal,
                "cart-" + ordinal + "-0",
                "node-" + ordinal,
                "node" + ordinal,
                "Serving",
                true,
                true,
                writes,
                0,
                List.of(new LinkStatus("cart-" + (1 - ordinal), "merged")));
    }

    @Test
    void freshDeploymentIsStarting() {
        var cluster = new SimulatedCluster(keydb(PAIR));
        cluster.reconcile();
        var status = status(cluster);

        assertThat(status.phase()).isEqualTo(Phase.STARTING);
        assertThat(value(status, "Ready")).isEqualTo("False");
        assertThat(condition(status, "Ready").getReason()).isEqualTo("WaitingForStart");
        assertThat(value(status, "Reconciling")).isEqualTo("True");
        assertThat(status.writeMember()).isNull();
    }

    @Test
    void pairWithADeadMemberIsDegradedButAvailable() {
        var cluster = settled(PAIR);
        cluster.kill(0);
        cluster.reconcile();
        var status = status(cluster);

        assertThat(status.phase()).isEqualTo(Phase.DEGRADED);
        assertThat(value(status, "Available")).isEqualTo("True");
        assertThat(value(status, "Degraded")).isEqualTo("True");
        assertThat(value(status, "Ready")).isEqualTo("False");
        assertThat(value(status, "ReplicationHealthy")).isEqualTo("False");
        assertThat(condition(status, "ReplicationHealthy").getMessage())
                .contains("cart-1 from cart-0: connecting");
        assertThat(status.writeMember()).isEqualTo("cart-1");
    }

    @Test
    void deploymentWithoutAReadyMemberIsUnavailable() {
        var cluster = settled(PAIR);
        cluster.kill(0);
        cluster.kill(1);
        cluster.reconcile();
        var status = status(cluster);

        assertThat(status.phase()).isEqualTo(Phase.UNAVAILABLE);
        assertThat(value(status, "Available")).isEqualTo("False");
        assertThat(value(status, "Degraded")).isEqualTo("False");
    }

    @Test
    void scalingAndUpdatingArePhases() {
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 3");
        cluster.setKeydb(keydb("topology: {mode: MultiMaster}, replicas: 2"));
        cluster.reconcile();
        assertThat(status(cluster).phase()).isEqualTo(Phase.SCALING);

        cluster.settle();
        cluster.setKeydb(keydb("topology: {mode: MultiMaster}, replicas: 2, config: {hz: '1'}"));
        cluster.reconcile();
        assertThat(status(cluster).phase()).isEqualTo(Phase.UPDATING);
    }

    @Test
    void missingSecretStallsTheResource() {
        var cluster =
                new SimulatedCluster(keydb(PAIR + ", auth: {passwordSecretRef: {name: mine}}"));
        cluster.setPasswordSource(
                Optional.of(
                        new PasswordSource.Unavailable(
                                PasswordSource.Cause.SECRET_MISSING, "mine does not exist")));
        cluster.reconcile();
        var status = status(cluster);

        assertThat(status.phase()).isEqualTo(Phase.STALLED);
        assertThat(value(status, "Stalled")).isEqualTo("True");
        assertThat(condition(status, "Stalled").getReason()).isEqualTo("SecretMissing");
        assertThat(condition(status, "Ready").getMessage()).isEqualTo("mine does not exist");
    }

    @Test
    void stepThatFailsIsWaitedForAndOneThatIsRefusedStalls() {
        var cluster = settled(PAIR);
        var failed = status(cluster, new Finding(Reason.STEP_FAILED, "no route"));
        var refused = status(cluster, new Finding(Reason.REFUSED, "no quota"));

        assertThat(value(failed, "Stalled")).isEqualTo("False");
        assertThat(value(failed, "Reconciling")).isEqualTo("True");
        assertThat(value(refused, "Stalled")).isEqualTo("True");
    }

    @Test
    void pausedResourceSaysSo() {
        var cluster = settled(PAIR);
        cluster.setKeydb(keydb(PAIR + ", paused: true"));
        var status = status(cluster);

        assertThat(status.phase()).isEqualTo(Phase.PAUSED);
        assertThat(value(status, "Paused")).isEqualTo("True");
        assertThat(value(status, "Ready")).isEqualTo("True");
    }

    @Test
    void steadyDeploymentHasTheSameStatusLater() {
        var cluster = settled(PAIR);
        var first = status(cluster);
        var resource = keydb(PAIR);
        resource.setStatus(first);
        cluster.setKeydb(resource);
        cluster.write(0);
        cluster.reconcile();
        cluster.reconcile();

        assertThat(status(cluster)).isEqualTo(first);
    }

    @Test
    void timeOfTransitionIsThatOfTheChange() {
        var cluster = settled(PAIR);
        var before = status(cluster);
        var resource = keydb(PAIR);
        resource.setStatus(before);
        cluster.setKeydb(resource);
        cluster.pass(Duration.ofMinutes(1));
        cluster.kill(1);
        cluster.reconcile();
        var after = status(cluster);

        assertThat(condition(after, "Available").getLastTransitionTime())
                .isEqualTo(condition(before, "Available").getLastTransitionTime());
        assertThat(condition(after, "Ready").getLastTransitionTime())
                .isGreaterThan(condition(before, "Ready").getLastTransitionTime());
    }

    @Test
    void errorKeepsWhatWasKnownAndSaysWhatWentWrong() {
        var cluster = settled(PAIR);
        var resource = keydb(PAIR);
        resource.setStatus(status(cluster));

        var status = StatusReport.ofError(resource, "no API server", cluster.now());

        assertThat(status.members()).isEqualTo(status(cluster).members());
        assertThat(value(status, "Available")).isEqualTo("True");
        assertThat(condition(status, "Ready").getReason()).isEqualTo("InternalError");
        assertThat(condition(status, "Reconciling").getMessage()).isEqualTo("no API server");
    }

    @Test
    void problemIsNewUntilTheResourceShowsIt() {
        var cluster = settled(PAIR);
        var refused = new Finding(Reason.REFUSED, "no quota");
        var resource = keydb(PAIR);

        assertThat(StatusReport.newProblems(resource, cluster.plan(), List.of(refused)))
                .containsExactly(refused);
        resource.setStatus(status(cluster, refused));
        assertThat(StatusReport.newProblems(resource, cluster.plan(), List.of(refused))).isEmpty();
    }
}
