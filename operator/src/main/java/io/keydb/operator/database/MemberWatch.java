package io.keydb.operator.database;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Asks every member of every deployment how it replicates, once a second, and says when an answer
 * changes something.
 *
 * <p>A member is known by the unique id of its pod, so a pod that is made anew under the same name
 * starts without a past. One timer thread starts the questions, each runs on a virtual thread of
 * its own, and at most one runs per member: a member that hangs delays nobody.
 *
 * <p>Threads: safe. The listener is called on the threads of the questions and must not block.
 *
 * @param <K> what identifies a deployment
 */
public final class MemberWatch<K> implements AutoCloseable {
    /** An answer older than this says nothing of the present: five questions went unanswered. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** A deployment that nobody has named for so long was deleted while it was being looked at. */
    private static final Duration NAMED = Duration.ofMinutes(5);

    /**
     * A member to ask: the unique id of its pod, its name for logs, its address and the password.
     */
    public record Target(String podUid, Endpoint endpoint, Credentials credentials) {}

    /** What is remembered of one member. */
    private static final class Watched {
        final AtomicBoolean isBeingAsked = new AtomicBoolean();

        /** One exchange at a time, so that disconnecting the clients does not hit a question. */
        final ReentrantLock exchange = new ReentrantLock();

        volatile Target target;
        volatile Optional<Report> report = Optional.empty();
        volatile Optional<String> silence = Optional.empty();
        volatile Optional<Quiet> quiet = Optional.empty();

        Watched(Target target) {
            this.target = target;
        }
    }

    /** The members of a deployment, and when they were last named. */
    private static final class Deployment {
        final Map<String, Watched> members = new ConcurrentHashMap<>();
        volatile Instant namedAt = Instant.MIN;
    }

    private final Database database;
    private final Clock clock;
    private final Map<K, Deployment> deployments = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer;
    private final ExecutorService questions;
    private volatile Consumer<K> listener = key -> {};

    /** Starts asking what is to be watched later, every {@code period}. */
    public MemberWatch(Database database, Clock clock, Duration period) {
        this.database = database;
        this.clock = clock;
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("member-watch").factory());
        this.questions = Executors.newVirtualThreadPerTaskExecutor();
        var millis = period.toMillis();
        var unused = timer.scheduleAtFixedRate(this::askAll, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Who is told of a deployment of which a member answers differently than before. */
    public void onChange(Consumer<K> listener) {
        this.listener = listener;
    }

    /** Watches these members of a deployment, and none else of it; new ones are asked at once. */
    public void watch(K deployment, Iterable<Target> targets) {
        var named = deployments.computeIfAbsent(deployment, key -> new Deployment());
        named.namedAt = clock.instant();
        var members = named.members;
        var kept = new HashSet<String>();
        for (var target : targets) {
            kept.add(target.podUid());
            var known = members.get(target.podUid());
            if (known == null) {
                var watched = new Watched(target);
                members.put(target.podUid(), watched);
                startAsking(deployment, watched);
            } else {
                known.target = target;
            }
        }
        members.keySet().retainAll(kept);
    }

    /** Forgets a deployment that was deleted. */
    public void forget(K deployment) {
        deployments.remove(deployment);
    }

    /** Asks the members of a deployment now, instead of at the next second. */
    public void askNow(K deployment) {
        var named = deployments.get(deployment);
        if (named != null) {
            named.members.values().forEach(watched -> startAsking(deployment, watched));
        }
    }

    /** The last answer of a member, unless it is too old to say something. */
    public Optional<Report> report(K deployment, String podUid) {
        return watched(deployment, podUid)
                .flatMap(watched -> watched.report)
                .filter(report -> report.askedAt().plus(FRESH).isAfter(clock.instant()));
    }

    /** Why a member did not answer the last question. */
    public Optional<String> silence(K deployment, String podUid) {
        return watched(deployment, podUid).flatMap(watched -> watched.silence);
    }

    /** Since when the member has had no clients, when it is being taken out of service. */
    public Optional<Quiet> quiet(K deployment, String podUid) {
        return watched(deployment, podUid).flatMap(watched -> watched.quiet);
    }

    /** Closes the connections of a member's clients, and remembers since when there were none. */
    public void disconnectClients(K deployment, String podUid) throws IOException {
        var watched = watched(deployment, podUid).orElse(null);
        if (watched == null) {
            return;
        }
        watched.exchange.lock();
        try {
            var target = watched.target;
            var disconnection = database.disconnectClients(target.endpoint(), target.credentials());
            watched.quiet = quiet(watched.quiet, disconnection, clock.instant());
        } finally {
            watched.exchange.unlock();
        }
    }

    /** A member that goes on in service has clients again. */
    public void backInService(K deployment, String podUid) {
        watched(deployment, podUid).ifPresent(watched -> watched.quiet = Optional.empty());
    }

    private static Optional<Quiet> quiet(
            Optional<Quiet> before, Database.Disconnection disconnection, Instant now) {
        if (disconnection.clients() > 0) {
            return Optional.empty();
        }
        var since = before.map(Quiet::since).orElse(now);
        return Optional.of(new Quiet(since, now, disconnection.replication()));
    }

    private Optional<Watched> watched(K deployment, String podUid) {
        return Optional.ofNullable(deployments.get(deployment))
                .map(named -> named.members.get(podUid));
    }

    private void askAll() {
        var forgotten = clock.instant().minus(NAMED);
        deployments.values().removeIf(named -> named.namedAt.isBefore(forgotten));
        deployments.keySet().forEach(this::askNow);
    }

    private void startAsking(K deployment, Watched watched) {
        if (watched.isBeingAsked.compareAndSet(false, true)) {
            questions.execute(() -> ask(deployment, watched));
        }
    }

    private void ask(K deployment, Watched watched) {
        var before = watched.report;
        watched.exchange.lock();
        try {
            var target = watched.target;
            watched.report = Optional.of(database.ask(target.endpoint(), target.credentials()));
            watched.silence = Optional.empty();
        } catch (SocketTimeoutException e) {
            // Busy is not gone: what it said last counts until it is too old.
            watched.silence = Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            watched.report = Optional.empty();
            watched.silence = Optional.of(String.valueOf(e.getMessage()));
        } finally {
            watched.exchange.unlock();
            watched.isBeingAsked.set(false);
        }
        var after = watched.report;
        if (before.isPresent() != after.isPresent()
                || (after.isPresent() && !after.get().isLike(before.orElseThrow()))) {
            listener.accept(deployment);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        questions.shutdownNow();
    }
}
