package io.keydb.operator.boot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/**
 * The operator's own settings; each can be given as an environment variable, as in {@code
 * KEYDB_SERVER_IMAGE}.
 */
@ConfigMapping(prefix = "keydb")
public interface Settings {
    /** The servers. */
    Server server();

    /** Asking members. */
    Members members();

    /** Which of several operators works. */
    LeaderElection leaderElection();

    /** The servers. */
    interface Server {
        /** Image of members whose resource names none. */
        @WithDefault("keydb-server:1.0.0-SNAPSHOT")
        String image();
    }

    /** Asking members. */
    interface Members {
        /** How often each member is asked. */
        @WithDefault("1s")
        Duration pollInterval();

        /** How long one exchange with a member may take. */
        @WithDefault("1s")
        Duration timeout();
    }

    /** Which of several operators works. */
    interface LeaderElection {
        /** Whether to take a Lease before working; needed when more than one operator may run. */
        @WithDefault("false")
        boolean enabled();

        /** Name of the Lease. */
        @WithDefault("keydb-operator")
        String leaseName();

        /** Namespace of the Lease; by default the operator's own. */
        Optional<String> leaseNamespace();
    }
}
