package io.keydb.operator.plan;

import static io.keydb.operator.TestResources.keydb;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.keydb.operator.database.Endpoint;
import io.keydb.operator.database.Password;
import io.keydb.operator.observe.Member;
import io.keydb.operator.observe.Observation;
import io.keydb.operator.observe.PasswordSource;
import io.keydb.operator.resources.ClusterObjects;
import io.keydb.operator.resources.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Deployments reach what their resource asks for, and clients are never sent to nobody or to a
 * member without data.
 */
class PlannerTest {
    private static final String PAIR = "topology: {mode: ActiveReplica}";

    private static SimulatedCluster settled(String spec) {
        var cluster = new SimulatedCluster(keydb(spec));
        cluster.settle();
        return cluster;
    }

    private static List<Integer> having(SimulatedCluster cluster, String label) {
        return cluster.servers.values().stream()
                .filter(server -> server.hasTrue(label))
                .map(server -> server.ordinal)
                .toList();
    }

    private static List<String> uids(SimulatedCluster cluster) {
        return cluster.servers.values().stream().map(server -> server.uid).toList();
    }

    private static <T extends Step> Stream<T> steps(SimulatedCluster cluster, Class<T> kind) {
        return cluster.steps.stream().filter(kind::isInstance).map(kind::cast);
    }

    @Test
    void pairReachesTwoLinkedServingMembersAndOneTakesWrites() {
        var cluster = settled(PAIR);

        assertThat(cluster.servers).hasSize(2);
        assertThat(cluster.server(0).links).containsOnlyKeys(cluster.names().peer(1));
        assertThat(cluster.server(1).links).containsOnlyKeys(cluster.names().peer(0));
        assertThat(having(cluster, Labels.SERVING)).containsExactly(0, 1);
        assertThat(having(cluster, Labels.WRITE)).containsExactly(0);
    }

    @Test
    void settledDeploymentGetsNoFurtherSteps() {
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 3");
        cluster.steps.clear();

        for (var i = 0; i < 10; i++) {
            assertThat(cluster.reconcile().isSettled()).isTrue();
        }
        assertThat(cluster.steps).isEmpty();
    }

    @Test
    void allObjectsOfAPairAreMade() {
        assertThat(settled(PAIR).objects.keySet())
                .containsExactlyInAnyOrder(
                        "Secret/cart-auth",
                        "ConfigMap/cart-config",
                        "Service/cart-headless",
                        "Service/cart-rw",
                        "Service/cart-any",
                        "PersistentVolumeClaim/cart-0-data",
                        "PersistentVolumeClaim/cart-1-data",
                        "Service/cart-0",
                        "Service/cart-1",
                        "StatefulSet/cart-0",
                        "StatefulSet/cart-1");
    }

    @Test
    void standaloneServesAlone() {
        var cluster = settled("topology: {mode: Standalone}");

        assertThat(having(cluster, Labels.WRITE)).containsExactly(0);
        assertThat(steps(cluster, Step.Link.class)).isEmpty();
    }

    @Test
    void policyAnySendsWritesToEveryServingMember() {
        var cluster = settled(PAIR + ", traffic: {writePolicy: Any}");

        assertThat(having(cluster, Labels.WRITE)).containsExactly(0, 1);
    }

    @Test
    void preferredMemberGetsTheWritesWheneverItServes() {
        var cluster = settled(PAIR + ", traffic: {preferredMember: 1}");
        assertThat(having(cluster, Labels.WRITE)).containsExactly(1);

        cluster.kill(1);
        cluster.reconcile();
        assertThat(having(cluster, Labels.WRITE)).containsExactly(0);

        cluster.server(1).isUp = true;
        cluster.settle();
        assertThat(having(cluster, Labels.WRITE)).containsExactly(1);
    }

    @Test
    void writesMoveInTheReconciliationThatSeesTheWriterUnready() {
        var cluster = settled(PAIR);
        cluster.kill(0);

        var plan = cluster.reconcile();

        assertThat(having(cluster, Labels.WRITE)).containsExactly(1);
        assertThat(plan.steps().getFirst().why().reason()).isEqualTo(Reason.FAILING_OVER);
    }

    @Test
    void writesStayWhereTheyWentAfterAFailover() {
        var cluster = settled(PAIR);
        cluster.kill(0);
        cluster.reconcile();
        cluster.server(0).isUp = true;
        cluster.settle();

        assertThat(having(cluster, Labels.SERVING)).containsExactly(0, 1);
        assertThat(having(cluster, Labels.WRITE)).containsExactly(1);
    }

    @Test
    void memberThatReturnsServesOnlyAfterItsLinksAreMergedAgain() {
        var cluster = settled(PAIR);
        cluster.kill(0);
        cluster.reconcile();
        cluster.mergeWorks = false;
        cluster.server(0).isUp = true;
        for (var i = 0; i < 20; i++) {
            cluster.reconcile();
        }
        assertThat(having(cluster, Labels.SERVING)).containsExactly(1);

        cluster.mergeWorks = true;
        cluster.settle();
        assertThat(having(cluster, Labels.SERVING)).containsExactly(0, 1);
    }

    @Test
    void servingMembersGoOnWhenTheirLinksBreak() {
        var cluster = settled(PAIR);
        cluster.mergeWorks = false;
        cluster.reconcile();

        assertThat(having(cluster, Labels.SERVING)).containsExactly(0, 1);
        assertThat(having(cluster, Labels.WRITE)).containsExactly(0);
    }

    @Test
    void labelsStayWhenNobodyIsReadySoThatTheFirstToReturnServesAtOnce() {
        var cluster = settled(PAIR);
        cluster.kill(0);
        cluster.kill(1);
        cluster.reconcile();
        assertThat(having(cluster, Labels.SERVING)).containsExactly(0, 1);

        cluster.server(1).isUp = true;
        cluster.reconcile();
        cluster.reconcile();
        assertThat(having(cluster, Labels.WRITE)).containsExactly(1);
    }

    @Test
    void emptyMemberNeverStandsInForOneWithData() {
        var cluster = settled(PAIR);
        cluster.write(0);
        cluster.pass(Duration.ofSeconds(1));
        // Both pods are lost; of member 0 the volume too, and member 1 does not come back yet.
        cluster.servers.clear();
        cluster.volumes.clear();
        cluster.objects.remove("StatefulSet/cart-0");
        cluster.podsStart = false;
        cluster.reconcile();
        cluster.podsStart = true;
        var survivor = cluster.objects.remove("StatefulSet/cart-1");
        for (var i = 0; i < 200; i++) {
            cluster.objects.remove("StatefulSet/cart-1");
            cluster.servers.remove(1);
            var observation = cluster.observe();
            var joined =
                    new Observation(
                            observation.keydb(),
                            observation.members().stream()
                                    .map(member -> withWorkload(member, 1, survivor))
                                    .toList(),
                            observation.objects(),
                            observation.auth(),
                            observation.passwordSource());
            var plan = new Planner("i", () -> new Password("p")).plan(joined, cluster.now);
            assertThat(plan.steps()).noneMatch(Step.Route.class::isInstance);
            cluster.pass(Duration.ofMillis(500));
        }
    }

    private static Member withWorkload(Member member, int ordinal, HasMetadata workload) {
        if (member.ordinal() != ordinal) {
            return member;
        }
        return new Member(
                ordinal,
                member.name(),
                Optional.of((StatefulSet) workload),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void freshMemberServesAloneWhenTheOtherDoesNotStart() {
        var cluster = new SimulatedCluster(keydb(PAIR));
        cluster.reconcile();
        cluster.servers.remove(1);
        cluster.podsStart = false;
        for (var i = 0; i < 50; i++) {
            cluster.reconcile();
        }
        assertThat(having(cluster, Labels.SERVING)).as("patience is not over").isEmpty();
        for (var i = 0; i < 20; i++) {
            cluster.reconcile();
        }
        assertThat(having(cluster, Labels.WRITE)).containsExactly(0);
    }

    @Test
    void scalingUpRestartsAndChangesNoMemberThatStays() {
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 3");
        var before = uids(cluster);
        cluster.steps.clear();
        cluster.keydb = keydb("topology: {mode: MultiMaster}, replicas: 5");
        cluster.settle();

        assertThat(uids(cluster)).startsWith(before.toArray(String[]::new)).hasSize(5);
        assertThat(having(cluster, Labels.SERVING)).containsExactly(0, 1, 2, 3, 4);
        assertThat(cluster.servers.values()).allMatch(server -> server.links.size() == 4);
        assertThat(steps(cluster, Step.Apply.class).map(step -> step.object().getMetadata()))
                .allMatch(metadata -> metadata.getName().matches("cart-[34].*"));
    }

    @Test
    void newMemberServesOnlyAfterItHasMergedWithAllThatServe() {
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 2");
        cluster.mergeWorks = false;
        cluster.keydb = keydb("topology: {mode: MultiMaster}, replicas: 3");
        for (var i = 0; i < 100; i++) {
            cluster.reconcile();
        }
        assertThat(cluster.server(2).isReady()).isTrue();
        assertThat(having(cluster, Labels.SERVING)).containsExactly(0, 1);
    }

    @Test
    void scalingDownRemovesTheHighestMembersAndForgetsThem() {
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 5");
        var before = uids(cluster).subList(0, 2);
        cluster.keydb = keydb("topology: {mode: MultiMaster}, replicas: 2");
        cluster.settle();

        assertThat(uids(cluster)).isEqualTo(before);
        assertThat(cluster.servers.values()).allMatch(server -> server.links.size() == 1);
        assertThat(cluster.objects.keySet()).doesNotContain("StatefulSet/cart-4", "Service/cart-4");
        assertThat(cluster.objects).containsKey("PersistentVolumeClaim/cart-4-data");
    }

    @Test
    void volumesOfMembersThatLeftAreDeletedWhenTheUserWantsThat() {
        var reclaim = ", persistence: {reclaim: {whenScaled: Delete}}";
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 3" + reclaim);
        cluster.keydb = keydb("topology: {mode: MultiMaster}, replicas: 2" + reclaim);
        cluster.settle();

        assertThat(cluster.objects.keySet())
                .contains("PersistentVolumeClaim/cart-1-data")
                .doesNotContain("PersistentVolumeClaim/cart-2-data");
    }

    @Test
    void memberLeavesOnlyAfterTheOthersHoldEverythingItHas() {
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 3");
        cluster.mergeWorks = false;
        cluster.write(2);
        cluster.keydb = keydb("topology: {mode: MultiMaster}, replicas: 2");
        for (var i = 0; i < 300; i++) {
            cluster.reconcile();
        }
        assertThat(cluster.objects).containsKey("StatefulSet/cart-2");
        assertThat(having(cluster, Labels.SERVING)).containsExactly(0, 1);

        cluster.mergeWorks = true;
        cluster.settle();
        assertThat(cluster.servers).containsOnlyKeys(0, 1);
        assertThat(cluster.server(0).holds).containsEntry("node2", 1L);
    }

    @Test
    void memberLeavesOnlyAfterItsClientsHaveGone() {
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 3");
        cluster.keydb = keydb("topology: {mode: MultiMaster}, replicas: 2");
        for (var i = 0; i < 100; i++) {
            cluster.server(2).clients = 1;
            cluster.reconcile();
        }
        assertThat(cluster.servers).containsKey(2);

        cluster.settle();
        assertThat(cluster.servers).containsOnlyKeys(0, 1);
    }

    @Test
    void writerThatLeavesHandsTheWritesOverFirst() {
        var spec = "topology: {mode: MultiMaster}, traffic: {preferredMember: %d}, replicas: %d";
        var cluster = settled(spec.formatted(2, 3));
        cluster.keydb = keydb(spec.formatted(0, 2));
        cluster.reconcile();

        assertThat(having(cluster, Labels.WRITE)).containsExactly(0);
        assertThat(cluster.servers).containsKey(2);
    }

    @Test
    void deadMemberLeavesAfterAWhileBecauseItsVolumeStays() {
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 3");
        cluster.kill(2);
        cluster.keydb = keydb("topology: {mode: MultiMaster}, replicas: 2");
        cluster.reconcile();
        assertThat(cluster.objects).containsKey("StatefulSet/cart-2");

        cluster.pass(Duration.ofSeconds(61));
        cluster.settle();
        assertThat(cluster.objects).doesNotContainKey("StatefulSet/cart-2");
    }

    @Test
    void deadMemberWhoseVolumeWouldBeDeletedStaysUntilItCanBeAsked() {
        var reclaim = ", persistence: {reclaim: {whenScaled: Delete}}";
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 3" + reclaim);
        cluster.kill(2);
        cluster.keydb = keydb("topology: {mode: MultiMaster}, replicas: 2" + reclaim);
        cluster.pass(Duration.ofMinutes(5));

        var plan = cluster.reconcile();

        assertThat(cluster.objects).containsKey("StatefulSet/cart-2");
        assertThat(plan.waiting()).extracting(Finding::reason).contains(Reason.MEMBER_UNREACHABLE);
    }

    @Test
    void newConfigurationRestartsOneMemberAtATimeTheWriterLast() {
        var cluster = settled("topology: {mode: MultiMaster}, replicas: 3");
        cluster.steps.clear();
        cluster.keydb = keydb("topology: {mode: MultiMaster}, replicas: 3, config: {hz: '20'}");
        var worst = 3;
        for (var i = 0; i < 200; i++) {
            cluster.reconcile();
            var serving =
                    cluster.servers.values().stream()
                            .filter(server -> server.hasTrue(Labels.SERVING) && server.isReady());
            worst = Math.min(worst, (int) serving.count());
        }

        assertThat(worst).isEqualTo(2);
        assertThat(
                        steps(cluster, Step.Apply.class)
                                .filter(step -> step.why().reason() == Reason.MEMBER_RESTARTED)
                                .map(step -> step.object().getMetadata().getName())
                                .distinct())
                .containsExactly("cart-2", "cart-1", "cart-0");
        assertThat(having(cluster, Labels.SERVING)).containsExactly(0, 1, 2);
    }

    @Test
    void memberIsRestartedOnlyAfterTheOthersHoldEverythingItHas() {
        var cluster = settled(PAIR);
        cluster.mergeWorks = false;
        cluster.write(1);
        cluster.keydb = keydb(PAIR + ", config: {hz: '20'}");
        for (var i = 0; i < 200; i++) {
            cluster.reconcile();
        }
        assertThat(cluster.log).noneMatch(line -> line.contains("terminating"));

        cluster.mergeWorks = true;
        cluster.settle();
        assertThat(cluster.server(0).holds).containsEntry("node1", 1L);
    }

    @Test
    void badTemplateIsUndoneByRevertingTheResource() {
        var cluster = settled(PAIR);
        cluster.keydb = keydb(PAIR + ", image: broken");
        while (cluster.servers.containsKey(1) && !cluster.server(1).isTerminating) {
            cluster.reconcile();
        }
        cluster.podsStart = false;
        for (var i = 0; i < 100; i++) {
            cluster.reconcile();
        }
        assertThat(having(cluster, Labels.WRITE)).containsExactly(0);

        cluster.keydb = keydb(PAIR);
        cluster.podsStart = true;
        cluster.settle();
        assertThat(having(cluster, Labels.SERVING)).containsExactly(0, 1);
    }

    @Test
    void pairBecomesAMeshWithoutARestart() {
        var cluster = settled(PAIR);
        var configuration = cluster.objects.get("ConfigMap/cart-config");
        var before = uids(cluster);
        cluster.keydb = keydb("topology: {mode: MultiMaster}, replicas: 2");
        cluster.settle();

        assertThat(cluster.objects.get("ConfigMap/cart-config")).isEqualTo(configuration);
        assertThat(uids(cluster)).isEqualTo(before);
    }

    @Test
    void linksToForeignServersAreLeftAlone() {
        var cluster = settled(PAIR);
        var foreign = new Endpoint("old.example.org", 6379);
        cluster.server(0).links.put(foreign, cluster.now);
        cluster.settle();

        assertThat(cluster.server(0).links).containsKey(foreign);
    }

    @Test
    void linkThatIsLostIsMadeAgain() {
        var cluster = settled(PAIR);
        cluster.server(0).links.clear();
        cluster.settle();

        assertThat(cluster.server(0).links).containsOnlyKeys(cluster.names().peer(1));
    }

    @Test
    void generatedPasswordIsKept() {
        var cluster = settled(PAIR);
        var secret = cluster.objects.get("Secret/cart-auth");
        cluster.settle();

        assertThat(cluster.objects.get("Secret/cart-auth")).isSameAs(secret);
    }

    @Test
    void givenPasswordIsMirroredAndAChangeReachesRunningMembers() {
        var spec = PAIR + ", auth: {passwordSecretRef: {name: mine}}";
        var cluster = new SimulatedCluster(keydb(spec));
        cluster.passwordSource = Optional.of(new PasswordSource.Given(new Password("first")));
        cluster.settle();
        var before = uids(cluster);

        cluster.passwordSource = Optional.of(new PasswordSource.Given(new Password("second")));
        cluster.reconcile();
        var secret = cluster.object(Secret.class, "cart-auth");
        assertThat(ClusterObjects.credentials(secret).current()).contains(new Password("second"));
        assertThat(ClusterObjects.credentials(secret).previous()).contains(new Password("first"));

        cluster.servers.values().forEach(server -> server.knowsPassword = false);
        cluster.settle();
        assertThat(steps(cluster, Step.ChangePassword.class)).hasSize(2);
        assertThat(uids(cluster)).isEqualTo(before);
    }

    @Test
    void missingSecretIsAProblemAndNoMemberStartsWithoutAPassword() {
        var cluster =
                new SimulatedCluster(keydb(PAIR + ", auth: {passwordSecretRef: {name: mine}}"));
        cluster.passwordSource = Optional.of(unavailable());

        var plan = cluster.reconcile();

        assertThat(plan.problems())
                .extracting(Finding::reason)
                .containsExactly(Reason.SECRET_MISSING);
        assertThat(plan.steps()).isEmpty();
    }

    @Test
    void secretThatVanishesLaterIsAProblemButFailoverGoesOn() {
        var cluster =
                new SimulatedCluster(keydb(PAIR + ", auth: {passwordSecretRef: {name: mine}}"));
        cluster.passwordSource = Optional.of(new PasswordSource.Given(new Password("first")));
        cluster.settle();
        cluster.passwordSource = Optional.of(unavailable());
        cluster.kill(0);

        var plan = cluster.reconcile();

        assertThat(plan.problems()).hasSize(1);
        assertThat(having(cluster, Labels.WRITE)).containsExactly(1);
    }

    private static PasswordSource unavailable() {
        return new PasswordSource.Unavailable(
                PasswordSource.Cause.SECRET_MISSING, "the Secret mine does not exist");
    }

    @Test
    void pausedDeploymentIsLeftAlone() {
        var cluster = settled(PAIR);
        cluster.steps.clear();
        cluster.keydb = keydb(PAIR + ", paused: true, config: {hz: '20'}");
        cluster.kill(0);
        cluster.reconcile();

        assertThat(cluster.steps).isEmpty();
    }

    @Test
    void objectsOfADeletedResourceOfTheSameNameAreWaitedFor() {
        var cluster = settled(PAIR);
        cluster.keydb.getMetadata().setUid("another");

        var plan = cluster.reconcile();

        assertThat(plan.steps()).noneMatch(Step.Apply.class::isInstance);
        assertThat(plan.waiting())
                .extracting(Finding::reason)
                .contains(Reason.WAITING_FOR_DELETION);
    }

    @Test
    void whatSomebodyChangedByHandIsPutBack() {
        var cluster = settled(PAIR);
        var service = cluster.object(Service.class, "cart-rw");
        service.getSpec().getSelector().put(Labels.WRITE, "maybe");
        cluster.reconcile();

        var again = cluster.object(Service.class, "cart-rw");
        assertThat(again.getSpec().getSelector()).containsEntry(Labels.WRITE, "true");
    }

    @Test
    void quantityThatIsNoneIsAProblemAndFailoverGoesOn() {
        var cluster = settled(PAIR);
        cluster.keydb = keydb(PAIR + ", resources: {limits: {memory: lots}}");
        cluster.kill(0);

        var plan = cluster.reconcile();

        assertThat(plan.problems())
                .containsExactly(
                        new Finding(
                                Reason.INVALID_QUANTITY,
                                "resources.limits.memory is not a quantity, such as 500m or 1Gi"));
        assertThat(having(cluster, Labels.WRITE)).containsExactly(1);
    }
}
