package io.keydb.server.replication;

import io.keydb.server.client.Clients;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.command.FunctionStore;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.log.OrderedLog;
import io.keydb.server.log.SyncedFile;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * What the link of a plain replica works with.
 *
 * <p>Threads: immutable.
 *
 * @param dataReplaced to be run when all data were replaced by those of the primary
 * @param file the append-only file of this node
 * @param directory where temporary files go
 * @param streamLock held while a command of the primary is applied and logged
 */
record PlainContext(
        Keyspace keyspace,
        OrderedLog log,
        Dispatcher dispatcher,
        Conditions conditions,
        Clients clients,
        LinkSettings settings,
        Replicas replicas,
        Waiters waiters,
        FunctionStore functions,
        Object streamLock,
        Runnable dataReplaced,
        Supplier<SyncedFile> file,
        Path directory) {}
