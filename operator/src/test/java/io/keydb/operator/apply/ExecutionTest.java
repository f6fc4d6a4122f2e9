package io.keydb.operator.apply;

import static io.keydb.operator.TestResources.keydb;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.database.Credentials;
import io.keydb.operator.database.Database;
import io.keydb.operator.database.Endpoint;
import io.keydb.operator.database.MemberWatch;
import io.keydb.operator.database.Report;
import io.keydb.operator.observe.Member;
import io.keydb.operator.observe.Observation;
import io.keydb.operator.observe.PasswordSource;
import io.keydb.operator.plan.Finding;
import io.keydb.operator.plan.Plan;
import io.keydb.operator.plan.Reason;
import io.keydb.operator.plan.Step;
import io.keydb.operator.resources.Labels;
import io.keydb.operator.resources.Names;
import io.keydb.operator.resources.ServiceObjects;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Steps are taken one by one; one that fails becomes a finding and keeps none of the others from
 * being taken.
 */
@EnableKubernetesMockClient(crud = true)
class ExecutionTest {
    private static final Finding WHY = new Finding(Reason.MEMBER_JOINED, "cart-0 serves");

    /** Set by the mock's extension. */
    @SuppressWarnings("NullAway.Init")
    KubernetesClient client;

    private final Commands database = new Commands();
    private final MemberWatch<Names> watch =
            new MemberWatch<>(database, Clock.systemUTC(), Duration.ofHours(1));
    private final KeyDB keydb = keydb("topology: {mode: ActiveReplica}");
    private EventRecorder events;
    private Execution execution;

    /** Writes down what it is told. */
    private static final class Commands implements Database {
        final List<String> given = new ArrayList<>();
        boolean isDown;

        private void give(String command) throws IOException {
            if (isDown) {
                throw new IOException("Connection refused");
            }
            given.add(command);
        }

        @Override
        public Report ask(Endpoint member, Credentials credentials) throws IOException {
            throw new IOException("not asked here");
        }

        @Override
        public void link(Endpoint member, Credentials credentials, Endpoint peer)
                throws IOException {
            give("link " + member + " " + peer);
        }

        @Override
        public void unlink(Endpoint member, Credentials credentials, Endpoint peer)
                throws IOException {
            give("unlink " + member + " " + peer);
        }

        @Override
        public Disconnection disconnectClients(Endpoint member, Credentials credentials)
                throws IOException {
            throw new IOException("not asked here");
        }

        @Override
        public void changePassword(Endpoint member, Credentials credentials) throws IOException {
            give("password " + member);
        }
    }

    @BeforeEach
    void create() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        events = new EventRecorder(client, Clock.systemUTC());
        execution = new Execution(client, database, watch, events);
    }

    @AfterEach
    void close() {
        watch.close();
        events.close();
    }

    private List<Finding> execute(Step... steps) {
        var observation =
                new Observation(
                        keydb, List.of(), List.of(), Optional.empty(), new PasswordSource.Unused());
        var plan = new Plan(List.of(steps), List.of(), List.of(), Map.of(), Duration.ofSeconds(1));
        return execution.execute(observation, plan);
    }

    private Pod createPod() {
        var pod =
                new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("cart-0-0")
                        .withLabels(Labels.ofMember(Names.of(keydb), 0))
                        .endMetadata()
                        .withNewStatus()
                        .withPodIP("127.0.1.1")
                        .endStatus()
                        .build();
        return client.resource(pod).create();
    }

    private static Member member(Pod pod) {
        return new Member(
                0,
                "cart-0",
                Optional.empty(),
                Optional.of(pod),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void podIsLabelled() {
        var pod = createPod();

        assertThat(execute(new Step.Route(pod, true, false, WHY))).isEmpty();

        assertThat(client.resource(pod).get().getMetadata().getLabels())
                .containsEntry(Labels.SERVING, "true")
                .containsEntry(Labels.WRITE, "false")
                .containsEntry(Labels.MEMBER, "cart-0");
    }

    @Test
    void objectOfSomebodyElseIsNotTouched() {
        var foreign =
                new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("cart-rw")
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(Map.of("app", "other"))
                        .endSpec()
                        .build();
        client.resource(foreign).create();

        var failures = execute(new Step.Apply(ServiceObjects.readWrite(keydb), true, WHY));

        assertThat(failures).extracting(Finding::reason).containsExactly(Reason.NAME_TAKEN);
        assertThat(client.resource(foreign).get().getSpec().getSelector())
                .isEqualTo(Map.of("app", "other"));
    }

    @Test
    void objectIsDeleted() {
        var service = client.resource(ServiceObjects.member(keydb, 1)).create();

        assertThat(execute(new Step.Delete(service, WHY))).isEmpty();

        assertThat(client.resource(service).get()).isNull();
    }

    @Test
    void commandsGoToTheAddressOfThePod() {
        var member = member(createPod());
        var peer = new Endpoint("cart-1-0.cart-headless.shop.svc", 6379);

        var failures =
                execute(
                        new Step.Link(member, peer, WHY),
                        new Step.Unlink(member, peer, WHY),
                        new Step.ChangePassword(member, WHY));

        assertThat(failures).isEmpty();
        assertThat(database.given)
                .containsExactly(
                        "link 127.0.1.1:6379 cart-1-0.cart-headless.shop.svc:6379",
                        "unlink 127.0.1.1:6379 cart-1-0.cart-headless.shop.svc:6379",
                        "password 127.0.1.1:6379");
    }

    @Test
    void stepThatFailsDoesNotKeepTheNextOneFromBeingTaken() {
        var pod = createPod();
        database.isDown = true;

        var failures =
                execute(
                        new Step.ChangePassword(member(pod), WHY),
                        new Step.Route(pod, true, true, WHY));

        assertThat(failures)
                .containsExactly(
                        new Finding(Reason.STEP_FAILED, "cart-0 serves: Connection refused"));
        assertThat(client.resource(pod).get().getMetadata().getLabels())
                .containsEntry(Labels.WRITE, "true");
    }

    @Test
    void eventTellsWhatWasDoneAndCountsRepetitions() {
        var pod = createPod();
        execute(new Step.Route(pod, true, true, WHY));
        execute(new Step.Route(pod, true, true, WHY));

        await().until(() -> written().size() == 1 && written().getFirst().getCount() == 2);
        var event = written().getFirst();
        assertThat(event.getReason()).isEqualTo("MemberJoined");
        assertThat(event.getType()).isEqualTo("Normal");
        assertThat(event.getMessage()).isEqualTo("cart-0 serves");
        assertThat(event.getInvolvedObject().getName()).isEqualTo("cart");
    }

    @Test
    void silentStepsWriteNoEvent() {
        var pod = createPod();
        execute(new Step.Route(pod, true, true, new Finding(Reason.UPDATED, "quiet")));
        execute(new Step.Route(pod, true, true, WHY));

        await().until(() -> !written().isEmpty());
        assertThat(written()).extracting(Event::getReason).containsExactly("MemberJoined");
    }

    private List<Event> written() {
        return client.v1().events().inNamespace("shop").list().getItems();
    }
}
