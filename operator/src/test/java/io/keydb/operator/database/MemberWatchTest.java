package io.keydb.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members are asked again and again, and only answers that say something new wake the listener. */
class MemberWatchTest {
    private static final Endpoint AT = new Endpoint("127.0.1.1", 6379);
    private static final MemberWatch.Target TARGET =
            new MemberWatch.Target("uid", AT, Credentials.NONE);

    /** Answers what the test says. */
    private static final class FakeDatabase implements Database {
        final AtomicInteger questions = new AtomicInteger();
        volatile long position = 1;
        volatile LinkState link = LinkState.CONNECTING;
        volatile Optional<IOException> failure = Optional.empty();
        volatile long clients;

        private ReplicationInfo info() {
            return new ReplicationInfo(
                    true,
                    Optional.of("me"),
                    List.of(new Link(new Endpoint("peer", 6379), link)),
                    ReplicationVector.parse("me=" + position));
        }

        @Override
        public Report ask(Endpoint member, Credentials credentials) throws IOException {
            questions.incrementAndGet();
            if (failure.isPresent()) {
                throw failure.get();
            }
            return new Report(Clock.systemUTC().instant(), true, info());
        }

        @Override
        public Disconnection disconnectClients(Endpoint member, Credentials credentials) {
            return new Disconnection(clients, info());
        }

        @Override
        public void link(Endpoint member, Credentials credentials, Endpoint peer) {}

        @Override
        public void unlink(Endpoint member, Credentials credentials, Endpoint peer) {}

        @Override
        public void changePassword(Endpoint member, Credentials credentials) {}
    }

    private final FakeDatabase database = new FakeDatabase();
    private final List<String> changes = new CopyOnWriteArrayList<>();
    private final MemberWatch<String> watch =
            new MemberWatch<>(database, Clock.systemUTC(), Duration.ofMillis(10));

    @BeforeEach
    void listen() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        watch.onChange(changes::add);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private void awaitQuestions(int count) {
        var before = database.questions.get();
        await().until(() -> database.questions.get() >= before + count);
    }

    @Test
    void firstAnswerWakesTheListener() {
        watch.watch("cart", List.of(TARGET));

        await().until(() -> changes.equals(List.of("cart")));
        assertThat(watch.report("cart", "uid")).isPresent();
    }

    @Test
    void newPositionsDoNotWakeTheListenerButAreReported() {
        watch.watch("cart", List.of(TARGET));
        await().until(() -> changes.size() == 1);
        database.position = 2;
        awaitQuestions(3);

        assertThat(changes).hasSize(1);
        assertThat(watch.report("cart", "uid").orElseThrow().replication().vector())
                .isEqualTo(ReplicationVector.parse("me=2"));
    }

    @Test
    void changedLinkWakesTheListener() {
        watch.watch("cart", List.of(TARGET));
        await().until(() -> changes.size() == 1);
        database.link = LinkState.MERGED;

        await().until(() -> changes.size() == 2);
    }

    @Test
    void memberThatIsGoneHasNoReportAndAReasonForItsSilence() {
        watch.watch("cart", List.of(TARGET));
        await().until(() -> changes.size() == 1);
        database.failure = Optional.of(new IOException("Connection refused"));

        await().until(() -> watch.report("cart", "uid").isEmpty());
        await().until(() -> changes.size() == 2);
        assertThat(watch.silence("cart", "uid")).contains("Connection refused");
    }

    @Test
    void memberThatIsBusyKeepsItsLastReport() {
        watch.watch("cart", List.of(TARGET));
        await().until(() -> changes.size() == 1);
        database.failure = Optional.of(new SocketTimeoutException("slow"));
        awaitQuestions(3);

        assertThat(watch.report("cart", "uid")).isPresent();
        assertThat(watch.silence("cart", "uid")).contains("slow");
    }

    @Test
    void podThatIsMadeAnewStartsWithoutAPast() {
        watch.watch("cart", List.of(TARGET));
        await().until(() -> watch.report("cart", "uid").isPresent());
        database.failure = Optional.of(new IOException("not yet"));
        watch.watch("cart", List.of(new MemberWatch.Target("other", AT, Credentials.NONE)));

        assertThat(watch.report("cart", "uid")).isEmpty();
        assertThat(watch.report("cart", "other")).isEmpty();
    }

    @Test
    void forgottenDeploymentIsNotAskedAnyMore() {
        watch.watch("cart", List.of(TARGET));
        awaitQuestions(1);
        watch.forget("cart");

        assertThat(watch.report("cart", "uid")).isEmpty();
        assertThat(watch.quiet("cart", "uid")).isEmpty();
    }

    @Test
    void quietBeginsWithTheFirstLookThatFindsNoClientAndEndsWithAClient() throws IOException {
        watch.watch("cart", List.of(TARGET));
        database.clients = 1;
        watch.disconnectClients("cart", "uid");
        assertThat(watch.quiet("cart", "uid")).isEmpty();

        database.clients = 0;
        watch.disconnectClients("cart", "uid");
        var first = watch.quiet("cart", "uid").orElseThrow();
        database.position = 5;
        watch.disconnectClients("cart", "uid");
        var second = watch.quiet("cart", "uid").orElseThrow();
        assertThat(second.since()).isEqualTo(first.since());
        assertThat(second.replication().vector()).isEqualTo(ReplicationVector.parse("me=5"));

        database.clients = 1;
        watch.disconnectClients("cart", "uid");
        assertThat(watch.quiet("cart", "uid")).isEmpty();
    }

    @Test
    void memberBackInServiceIsNotQuiet() throws IOException {
        watch.watch("cart", List.of(TARGET));
        watch.disconnectClients("cart", "uid");
        watch.backInService("cart", "uid");

        assertThat(watch.quiet("cart", "uid")).isEmpty();
    }
}
