package io.keydb.server.boot;

import io.keydb.server.acl.AclDirectives;
import io.keydb.server.client.ClientDirectives;
import io.keydb.server.config.Directives;
import io.keydb.server.config.compatibility.ClusterDirectives;
import io.keydb.server.config.compatibility.DiagnosticDirectives;
import io.keydb.server.config.compatibility.EngineDirectives;
import io.keydb.server.config.compatibility.KeyDbEngineDirectives;
import io.keydb.server.config.compatibility.LinkDirectives;
import io.keydb.server.keyspace.DefragmentationDirectives;
import io.keydb.server.keyspace.KeyspaceDirectives;
import io.keydb.server.keyspace.LazyFreeing;
import io.keydb.server.keyspace.eviction.EvictionDirectives;
import io.keydb.server.management.ManagementDirectives;
import io.keydb.server.modules.ModuleDirectives;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.net.tls.TlsDirectives;
import io.keydb.server.observability.ObservabilityDirectives;
import io.keydb.server.observability.latency.LatencyDirectives;
import io.keydb.server.observability.trace.TraceDirectives;
import io.keydb.server.persistence.PersistenceDirectives;
import io.keydb.server.pubsub.PubSubDirectives;
import io.keydb.server.replication.ReplicationDirectives;
import io.keydb.server.scripting.ScriptingDirectives;
import io.keydb.server.shutdown.ShutdownDirectives;
import io.keydb.server.tracking.TrackingDirectives;
import io.keydb.server.value.ValueDirectives;

/**
 * All directives of the server, subsystem by subsystem.
 *
 * <p>Threads: immutable.
 */
public final class ServerDirectives {
    private ServerDirectives() {}

    /** The registry; every {@code *Directives.ALL} is in it. */
    public static Directives all() {
        return Directives.of(
                NetworkDirectives.ALL,
                TlsDirectives.ALL,
                ClientDirectives.ALL,
                AclDirectives.ALL,
                KeyspaceDirectives.ALL,
                EvictionDirectives.ALL,
                LazyFreeing.ALL,
                DefragmentationDirectives.ALL,
                ValueDirectives.ALL,
                PubSubDirectives.ALL,
                ScriptingDirectives.ALL,
                TrackingDirectives.ALL,
                BootDirectives.ALL,
                ProcessDirectives.ALL,
                ObservabilityDirectives.ALL,
                TraceDirectives.ALL,
                LatencyDirectives.ALL,
                ManagementDirectives.ALL,
                ReplicationDirectives.ALL,
                ClusterDirectives.ALL,
                EngineDirectives.ALL,
                KeyDbEngineDirectives.ALL,
                LinkDirectives.ALL,
                DiagnosticDirectives.ALL,
                ModuleDirectives.ALL,
                PersistenceDirectives.ALL,
                ShutdownDirectives.ALL);
    }
}
