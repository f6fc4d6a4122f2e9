package io.keydb.operator.resources;

import static io.keydb.operator.TestResources.keydb;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The configuration follows the mode, the limits and the user, and has nothing of the number of
 * members.
 */
class KeydbConfTest {
    private static String conf(String spec) {
        return KeydbConf.text(keydb(spec).getSpec());
    }

    @Test
    void standaloneIsAPlainServer() {
        assertThat(conf("topology: {mode: Standalone}"))
                .doesNotContain("active-replica", "multi-master");
    }

    @Test
    void pairAndMeshHaveTheSameConfiguration() {
        assertThat(conf("topology: {mode: ActiveReplica}"))
                .contains("active-replica yes\n", "multi-master yes\n")
                .isEqualTo(conf("topology: {mode: MultiMaster}, replicas: 9"));
    }

    @Test
    void memoryLimitLeavesRoomForTheProcess() {
        var spec = "topology: {mode: Standalone}, resources: {limits: {memory: %s}}";

        assertThat(conf(spec.formatted("1Gi"))).contains("maxmemory 805306368\n");
        assertThat(conf(spec.formatted("128Mi"))).contains("maxmemory 33554432\n");
        assertThat(conf("topology: {mode: Standalone}")).doesNotContain("maxmemory");
    }

    @Test
    void eventLoopsFollowTheCpuLimit() {
        var spec = "topology: {mode: Standalone}, resources: {limits: {cpu: %s}}";

        assertThat(conf(spec.formatted("300m"))).contains("server-threads 1\n");
        assertThat(conf(spec.formatted("2500m"))).contains("server-threads 3\n");
        assertThat(conf(spec.formatted("64"))).contains("server-threads 8\n");
        assertThat(conf("topology: {mode: Standalone}")).contains("server-threads 2\n");
    }

    @Test
    void userOverridesWhatIsOnlyADefaultOnce() {
        var text =
                conf(
                        "topology: {mode: Standalone}, config: {loglevel: debug, maxmemory: 1gb},"
                                + " resources: {limits: {memory: 4Gi}}");

        assertThat(text).contains("loglevel debug\n", "maxmemory 1gb\n");
        assertThat(text.lines().filter(line -> line.startsWith("maxmemory "))).hasSize(1);
    }

    @Test
    void passwordIsIncludedOnlyWhenOneIsAskedFor() {
        assertThat(conf("topology: {mode: Standalone}"))
                .endsWith("include /etc/keydb-auth/auth.conf\n");
        assertThat(conf("topology: {mode: Standalone}, auth: {enabled: false}"))
                .doesNotContain("include");
    }
}
