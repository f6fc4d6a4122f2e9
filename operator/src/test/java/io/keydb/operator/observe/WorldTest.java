package io.keydb.operator.observe;

import static io.keydb.operator.TestResources.keydb;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.keydb.operator.database.Credentials;
import io.keydb.operator.database.Database;
import io.keydb.operator.database.Endpoint;
import io.keydb.operator.database.MemberWatch;
import io.keydb.operator.database.Password;
import io.keydb.operator.database.Report;
import io.keydb.operator.resources.ClusterObjects;
import io.keydb.operator.resources.Labels;
import io.keydb.operator.resources.MemberWorkload;
import io.keydb.operator.resources.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The world is read as it is: what is there, what is missing, and from where the password comes.
 */
@EnableKubernetesMockClient(crud = true)
class WorldTest {
    private static final String MINE =
            "topology: {mode: ActiveReplica}, auth: {passwordSecretRef: {name: mine, key: word}}";

    /** Set by the mock's extension. */
    @SuppressWarnings("NullAway.Init")
    KubernetesClient client;

    private final Set<Endpoint> asked = ConcurrentHashMap.newKeySet();
    private final MemberWatch<Names> watch =
            new MemberWatch<>(new Unreachable(asked), Clock.systemUTC(), Duration.ofMillis(10));
    private World world;

    /** Nobody answers; who was asked is remembered. */
    private record Unreachable(Set<Endpoint> asked) implements Database {
        @Override
        public Report ask(Endpoint member, Credentials credentials) throws IOException {
            asked.add(member);
            throw new IOException("Connection refused");
        }

        @Override
        public Disconnection disconnectClients(Endpoint member, Credentials credentials)
                throws IOException {
            throw new IOException("Connection refused");
        }

        @Override
        public void link(Endpoint member, Credentials credentials, Endpoint peer) {}

        @Override
        public void unlink(Endpoint member, Credentials credentials, Endpoint peer) {}

        @Override
        public void changePassword(Endpoint member, Credentials credentials) {}
    }

    /** What an informer would know. */
    private record Known(List<HasMetadata> objects) implements Cache {
        @Override
        public <T extends HasMetadata> Collection<T> all(Class<T> kind) {
            return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    private static final Cache NOTHING = new Known(List.of());

    @BeforeEach
    void create() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        world = new World(client, watch);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private void createSecret(String name, String key, String value) {
        client.resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace("shop")
                                .withName(name)
                                .endMetadata()
                                .withData(Map.of(key, encoded(value)))
                                .build())
                .create();
    }

    private static String encoded(String value) {
        return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void wantedMembersAreListedBeforeTheyExist() {
        var observation = world.observe(keydb("topology: {mode: ActiveReplica}"), NOTHING);

        assertThat(observation.members())
                .extracting(Member::name)
                .containsExactly("cart-0", "cart-1");
        assertThat(observation.members()).noneMatch(Member::exists);
        assertThat(observation.passwordSource()).isEqualTo(new PasswordSource.Generated());
    }

    @Test
    void membersThatAreNoLongerWantedAreListedWhileTheyExist() {
        var keydb = keydb("topology: {mode: Standalone}");
        var workload = MemberWorkload.statefulSet(keydb, 4, "image", true);
        var observation = world.observe(keydb, new Known(List.of(workload)));

        assertThat(observation.members()).extracting(Member::ordinal).containsExactly(0, 4);
        assertThat(observation.members().getLast().hasJoined()).isTrue();
    }

    @Test
    void membersWithAnAddressAreAsked() {
        var keydb = keydb("topology: {mode: Standalone}");
        var pod =
                new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("cart-0-0")
                        .withUid("uid")
                        .withLabels(Labels.ofMember(Names.of(keydb), 0))
                        .endMetadata()
                        .withNewStatus()
                        .withPodIP("127.0.1.1")
                        .endStatus()
                        .build();
        world.observe(keydb, new Known(List.of(pod)));

        await().until(() -> asked.contains(new Endpoint("127.0.1.1", 6379)));
        await().until(
                        () ->
                                world.observe(keydb, new Known(List.of(pod)))
                                        .members()
                                        .getFirst()
                                        .silence()
                                        .equals(Optional.of("Connection refused")));
    }

    @Test
    void givenPasswordIsRead() {
        createSecret("mine", "word", "secret");

        assertThat(world.observe(keydb(MINE), NOTHING).passwordSource())
                .isEqualTo(new PasswordSource.Given(new Password("secret")));
    }

    @Test
    void secretThatIsMissingOrGivesNoPasswordIsNamed() {
        assertThat(cause()).isEqualTo(PasswordSource.Cause.SECRET_MISSING);
        createSecret("mine", "other", "secret");
        assertThat(cause()).isEqualTo(PasswordSource.Cause.KEY_MISSING);
        for (var unusable : List.of("", "two\nlines", "x".repeat(513))) {
            client.secrets().inNamespace("shop").withName("mine").delete();
            createSecret("mine", "word", unusable);
            assertThat(cause()).isEqualTo(PasswordSource.Cause.NOT_USABLE);
        }
    }

    private PasswordSource.Cause cause() {
        var source = world.observe(keydb(MINE), NOTHING).passwordSource();
        return ((PasswordSource.Unavailable) source).cause();
    }

    @Test
    void ownSecretIsReadFromTheServerWhenTheCacheDoesNotKnowItYet() {
        var keydb = keydb("topology: {mode: Standalone}");
        Secret secret = ClusterObjects.auth(keydb, new Password("kept"), Optional.empty());
        client.resource(secret).create();

        assertThat(world.observe(keydb, NOTHING).credentials())
                .isEqualTo(Credentials.of(new Password("kept")));
    }

    @Test
    void secretOfSomebodyElseIsNotTakenForTheOwnOne() {
        createSecret("cart-auth", "password", "foreign");

        assertThat(world.observe(keydb("topology: {mode: Standalone}"), NOTHING).auth()).isEmpty();
    }
}
