package io.keydb.server.observability;

import static io.keydb.server.support.Statistic.gauge;

import io.keydb.server.support.Report;
import io.keydb.server.support.ReportSection;
import io.keydb.server.support.Statistic;

/**
 * INFO cluster: this server is no node of a cluster, which clients ask before they use one.
 *
 * <p>Threads: safe, because stateless.
 */
public final class ClusterSection implements ReportSection {
    static final Statistic ENABLED =
            gauge("cluster_enabled", "redis_cluster_enabled", "1 on a node of a cluster.");

    @Override
    public String name() {
        return "cluster";
    }

    @Override
    public void report(Report report) {
        report.number(ENABLED, 0);
    }
}
