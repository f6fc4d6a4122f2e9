package io.keydb.operator.boot;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.keydb.operator.apply.EventRecorder;
import io.keydb.operator.apply.Execution;
import io.keydb.operator.database.Database;
import io.keydb.operator.database.MemberWatch;
import io.keydb.operator.database.Password;
import io.keydb.operator.database.RespDatabase;
import io.keydb.operator.observe.World;
import io.keydb.operator.plan.Planner;
import io.keydb.operator.resources.Names;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Makes one object of each class and hands it to those that need it.
 *
 * <p>Threads: everything produced is safe.
 */
@Dependent
public class Composition {
    private static final String PASSWORD_CHARACTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** 32 characters out of 62 are 190 bits. */
    private static final int PASSWORD_LENGTH = 32;

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Database database(Clock clock, Settings settings) {
        return new RespDatabase(clock, settings.members().timeout());
    }

    @Produces
    @Singleton
    MemberWatch<Names> memberWatch(Database database, Clock clock, Settings settings) {
        return new MemberWatch<>(database, clock, settings.members().pollInterval());
    }

    void close(@Disposes MemberWatch<Names> watch) {
        watch.close();
    }

    @Produces
    @Singleton
    EventRecorder eventRecorder(KubernetesClient client, Clock clock) {
        return new EventRecorder(client, clock);
    }

    void close(@Disposes EventRecorder recorder) {
        recorder.close();
    }

    @Produces
    @Singleton
    World world(KubernetesClient client, MemberWatch<Names> watch) {
        return new World(client, watch);
    }

    @Produces
    @Singleton
    Planner planner(Settings settings) {
        var random = new SecureRandom();
        return new Planner(settings.server().image(), () -> password(random));
    }

    private static Password password(SecureRandom random) {
        var text = new StringBuilder();
        for (var i = 0; i < PASSWORD_LENGTH; i++) {
            var index = random.nextInt(PASSWORD_CHARACTERS.length());
            text.append(PASSWORD_CHARACTERS.charAt(index));
        }
        return new Password(text.toString());
    }

    @Produces
    @Singleton
    Execution execution(
            KubernetesClient client,
            Database database,
            MemberWatch<Names> watch,
            EventRecorder recorder) {
        return new Execution(client, database, watch, recorder);
    }

    /** None when leader election is off: then the framework starts at once. */
    @Produces
    @Dependent
    @Nullable LeaderElectionConfiguration leaderElection(Settings settings) {
        var election = settings.leaderElection();
        if (!election.enabled()) {
            return null;
        }
        return election.leaseNamespace()
                .map(namespace -> new LeaderElectionConfiguration(election.leaseName(), namespace))
                .orElseGet(() -> new LeaderElectionConfiguration(election.leaseName()));
    }
}
