package io.keydb.server.boot;

import io.keydb.server.acl.AccessControl;
import io.keydb.server.acl.Renaming;
import io.keydb.server.client.ClientDirectives;
import io.keydb.server.client.Clients;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.Conditions;
import io.keydb.server.command.Dispatcher;
import io.keydb.server.command.MemoryLimit;
import io.keydb.server.command.Pause;
import io.keydb.server.command.Workers;
import io.keydb.server.command.connection.ClientEviction;
import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Setting;
import io.keydb.server.keyspace.ActiveDefragmentation;
import io.keydb.server.keyspace.ActiveExpiry;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.keyspace.KeyspaceDirectives;
import io.keydb.server.keyspace.eviction.Eviction;
import io.keydb.server.memory.MemoryUse;
import io.keydb.server.net.NetworkDirectives;
import io.keydb.server.support.Clock;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything below the subsystems, put together: keyspace, clients, commands and the dispatcher
 * that joins them.
 *
 * <p>Threads: safe; each part has its own rule.
 */
final class Engine implements AutoCloseable {
    private final Keyspace keyspace;
    private final ActiveExpiry activeExpiry;
    private final ActiveDefragmentation defragmentation;
    private final MemoryUse memoryUse;
    private final Eviction eviction;
    private final Clients clients;
    private final Conditions conditions = new Conditions();
    private final Pause pause;
    private final Workers workers = new Workers();
    private final AccessControl accessControl;
    private @Nullable CommandTable table;
    private @Nullable ClientEviction clientEviction;
    private final Configuration configuration;

    Engine(Configuration configuration, boolean stamped, boolean debug, Clock clock) {
        this.configuration = configuration;
        int databases = Math.toIntExact(configuration.value(KeyspaceDirectives.DATABASES));
        int partitions = Math.toIntExact(configuration.value(KeyspaceDirectives.PARTITIONS));
        keyspace = new Keyspace(databases, partitions, stamped, debug, clock);
        keyspace.limits().follow(configuration);
        keyspace.lazyFreeing().follow(configuration);
        keyspace.onDiscard(() -> workers.execute(keyspace::reclaim));
        pause = new Pause(keyspace, conditions);
        activeExpiry = new ActiveExpiry(keyspace);
        defragmentation = new ActiveDefragmentation(keyspace, configuration);
        memoryUse = new MemoryUse(keyspace.pages());
        eviction = new Eviction(keyspace, memoryUse, configuration, workers::execute);
        clients = new Clients();
        accessControl =
                new AccessControl(
                        configuration,
                        clients,
                        this::table,
                        Path.of(configuration.value(BootDirectives.DIR)),
                        clock);
    }

    /** The dispatcher of these commands. */
    Dispatcher dispatcher(List<Command> commands) throws ConfigFileException {
        table = Renaming.table(commands, configuration);
        int loops = Math.toIntExact(configuration.value(NetworkDirectives.SERVER_THREADS));
        Dispatcher dispatcher =
                new Dispatcher(
                        new Dispatcher.Parts(
                                table,
                                keyspace,
                                clients,
                                accessControl.gatekeeper(),
                                accessControl.permissions(),
                                conditions,
                                workers,
                                pause,
                                loops));
        Setting<Long> longest = configuration.setting(NetworkDirectives.PROTO_MAX_BULK_LEN);
        dispatcher.longestString(longest.value());
        configuration.onChange(
                () -> dispatcher.longestString(longest.value()),
                NetworkDirectives.PROTO_MAX_BULK_LEN);
        dispatcher.memoryLimit(
                new MemoryLimit() {
                    @Override
                    public Eviction.Outcome makeRoom(long bytes, boolean patiently) {
                        return patiently
                                ? eviction.makeRoomPatiently(bytes)
                                : eviction.makeRoom(bytes);
                    }

                    @Override
                    public boolean isExceeded() {
                        return eviction.isExceeded();
                    }
                });
        ClientEviction evictedClients =
                new ClientEviction(
                        clients,
                        configuration,
                        dispatcher.statistics().evictedClients(),
                        keyspace.clock());
        configuration.onChange(
                evictedClients::review,
                ClientDirectives.MAXMEMORY_CLIENTS,
                KeyspaceDirectives.MAXMEMORY);
        dispatcher.memoryWatch(evictedClients::changed);
        clientEviction = evictedClients;
        return dispatcher;
    }

    /** Disconnects clients that take too much memory; once there is a dispatcher. */
    ClientEviction clientEviction() {
        return Objects.requireNonNull(clientEviction);
    }

    Keyspace keyspace() {
        return keyspace;
    }

    ActiveExpiry activeExpiry() {
        return activeExpiry;
    }

    ActiveDefragmentation defragmentation() {
        return defragmentation;
    }

    MemoryUse memoryUse() {
        return memoryUse;
    }

    Eviction eviction() {
        return eviction;
    }

    Clients clients() {
        return clients;
    }

    Conditions conditions() {
        return conditions;
    }

    Pause pause() {
        return pause;
    }

    Workers workers() {
        return workers;
    }

    AccessControl accessControl() {
        return accessControl;
    }

    private CommandTable table() {
        return Objects.requireNonNull(table);
    }

    /** Ends what runs on workers; gives whether it has ended within the grace. */
    boolean stop(long graceMillis) {
        return workers.stop(graceMillis);
    }

    /** Frees all data; nothing may use the keyspace any more. */
    @Override
    public void close() {
        keyspace.onDiscard(() -> {}); // what is big is freed now, and workers have ended
        keyspace.close();
    }
}
