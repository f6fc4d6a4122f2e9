package io.keydb.server.command;

import io.keydb.server.client.Client;
import io.keydb.server.client.Clients;
import io.keydb.server.client.Trait;
import io.keydb.server.client.Waiting;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.net.Connection;
import io.keydb.server.net.RequestHandler;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only door between network and data. What happens to a request, in this order:
 *
 * <ol>
 *   <li>its command is looked up, a subcommand behind its container;
 *   <li>arity;
 *   <li>authentication, and what the user may do;
 *   <li>conditions of the server: loading, stale, read-only replica, too few replicas;
 *   <li>memory limit;
 *   <li>while clients are paused, it waits;
 *   <li>a client within MULTI has it queued;
 *   <li>a slow command moves to a worker, its connection waits;
 *   <li>the locks of its keys' partitions are taken, the body runs, effects go to the log, the
 *       locks are released ({@link Execution}).
 * </ol>
 *
 * A refusal within MULTI makes EXEC refuse to run.
 *
 * <p>Threads: called on event loops; every loop has a {@link Call} of its own. Internal callers
 * (replication link, tests) use {@link #run} from their own thread with a session of their own.
 */
public final class Dispatcher implements RequestHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final byte[] ENDING = "SHUTDOWN".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INTERNAL_ERROR =
            "ERR internal error, see the server's log".getBytes(StandardCharsets.US_ASCII);

    private final CommandTable table;
    private final Keyspace keyspace;
    private final Execution execution;
    private final Blocking blocking;
    private Consumer<Client> memoryWatch = client -> {};
    private final Observation observation = new Observation();
    private final RemovalEffects removalEffects;
    private final Conditions conditions;
    private final Clients clients;
    private final Gatekeeper gatekeeper;
    private final Permissions permissions;
    private final Pause pause;
    private final SlowLane slowLane;
    private final Statistics statistics;
    private final Call[] loopCalls;

    private final MemoryGate memory = new MemoryGate();
    private volatile long longestString = 512L << 20;

    /** What the dispatcher works with. */
    public record Parts(
            CommandTable table,
            Keyspace keyspace,
            Clients clients,
            Gatekeeper gatekeeper,
            Permissions permissions,
            Conditions conditions,
            Workers workers,
            Pause pause,
            int eventLoops) {}

    public Dispatcher(Parts parts) {
        this.table = parts.table();
        this.keyspace = parts.keyspace();
        this.clients = parts.clients();
        this.gatekeeper = parts.gatekeeper();
        this.permissions = parts.permissions();
        this.conditions = parts.conditions();
        this.statistics = new Statistics(table);
        this.pause = parts.pause();
        this.blocking = new Blocking(keyspace, clients, parts.workers(), pause, this);
        this.slowLane = new SlowLane(keyspace, conditions, parts.workers(), memory, this);
        keyspace.waker(blocking::serve);
        this.execution = new Execution(keyspace, statistics, blocking, observation, permissions);
        this.removalEffects = new RemovalEffects(keyspace, statistics);
        keyspace.removals().expiryListener(removalEffects);
        keyspace.removals().evictionListener(removalEffects);
        this.loopCalls = new Call[parts.eventLoops()];
        for (int i = 0; i < loopCalls.length; i++) {
            loopCalls[i] = newCall();
        }
    }

    /** Connects the log; before the first request. */
    public void effectLog(EffectLog log) {
        execution.effectLog(log);
        removalEffects.effectLog(log);
    }

    /** Connects client-side caching; before the first request. */
    public void readTracking(ReadTracking tracking) {
        execution.readTracking(tracking);
    }

    /** Connects what is told of clients that may take more memory; before the first request. */
    public void memoryWatch(Consumer<Client> watch) {
        memoryWatch = watch;
    }

    /** Says how whole values travel within effects; before the first request. */
    public void stateForm(StateForm form) {
        execution.stateForm(form);
    }

    /** Which values are told to peers by deltas. */
    public DeltaRule deltas() {
        return execution.deltas();
    }

    /** For a thread that tells peers whole states anew. */
    public StateSender newStateSender() {
        return execution.newStateSender();
    }

    /** For a thread that applies deltas of peers. */
    public Replay newReplay() {
        return new Replay(keyspace, table, newCall());
    }

    /** Sets how long a string may become: {@code proto-max-bulk-len}. */
    public void longestString(long bytes) {
        longestString = bytes;
    }

    /** Who makes room for what is stored; before the first request. */
    public void memoryLimit(MemoryLimit limit) {
        memory.limit(limit);
    }

    /** For commands that run others. */
    public InnerCalls innerCalls() {
        return new InnerCalls(execution, table, statistics, observation);
    }

    /** Whether commands that need memory are refused now. */
    public boolean isOutOfMemory() {
        return memory.isExceeded();
    }

    public Statistics statistics() {
        return statistics;
    }

    /** Who looks at commands as they are executed. */
    public Observation observation() {
        return observation;
    }

    /** The clients that wait for keys. */
    public Blocking blocking() {
        return blocking;
    }

    public CommandTable table() {
        return table;
    }

    /** A call for a thread that is not an event loop. */
    public Call newCall() {
        return new Call(keyspace, statistics.newThread(), permissions);
    }

    @Override
    public void opened(Connection connection) {
        byte[] refusal =
                conditions.holds(Condition.SOFT_SHUTDOWN)
                        ? ENDING
                        : gatekeeper.refusal(connection, clients.count());
        if (refusal != null) {
            statistics.rejectedConnections().increment();
            connection.reply().error(refusal);
            connection.closeAfterReplies();
            return;
        }
        statistics.acceptedConnections().increment();
        long now = keyspace.clock().millis();
        Client client = new Client(clients.nextId(), connection, keyspace.database(0), now);
        clients.add(client); // so that a change of its user finds it
        gatekeeper.admit(client);
        connection.attachment(client);
        observation.connected(client);
    }

    @Override
    public void closed(Connection connection) {
        if (connection.attachment() instanceof Client client) {
            statistics.bytesReceived().add(connection.bytesReceived());
            statistics.bytesSent().add(connection.bytesSent());
            statistics.reads().add(connection.reads());
            statistics.writes().add(connection.writes());
            statistics.disconnections().ended(client, connection);
            clients.remove(client);
            client.closed();
            Waiting waiting = client.waiting();
            if (waiting != null) {
                waiting.connectionLost();
            }
        }
    }

    @Override
    public void inputEnded(Connection connection) {
        if (connection.attachment() instanceof Client client && client.waiting() != null) {
            connection.close();
        }
    }

    @Override
    public void protocolError(Connection connection, String error) {
        statistics.protocolErrors().increment();
    }

    @Override
    public void batchEnded(Connection connection) {
        loopCalls[connection.eventLoopIndex()].nowMillis(0);
    }

    @Override
    public void memoryChanged(Connection connection) {
        if (connection.attachment() instanceof Client client) {
            memoryWatch.accept(client);
        }
    }

    @Override
    public void handle(Connection connection, Request request) {
        if (!(connection.attachment() instanceof Client client)) {
            return;
        }
        Call call = loopCalls[connection.eventLoopIndex()];
        if (call.nowMillis() == 0) {
            begin(call);
        }
        Command command = admitted(call, client, request, connection.reply());
        if (command == null) {
            if (!connection.isPaused()) {
                ended(client, connection.reply());
            }
            return;
        }
        if (MemoryGate.mustWait(client) || calls(client, command, Command::isSlow)) {
            slowLane.run(connection, client, request, command);
        } else {
            executeOnLoop(call, connection, client, request, command);
        }
    }

    private void executeOnLoop(
            Call call, Connection connection, Client client, Request request, Command command) {
        call.onEventLoop(true);
        try {
            execute(call, client, request, connection.reply(), command);
            Waiter waiter = call.takeWaiter();
            if (waiter == null) {
                ended(client, connection.reply());
            } else {
                waiter.park(connection);
            }
        } catch (MoveToWorker busy) {
            connection.reply().truncate(call.replyStart());
            slowLane.run(connection, client, request, command);
        } finally {
            call.onEventLoop(false);
        }
    }

    /**
     * Runs a request of a caller inside the server on the calling thread, with all checks.
     *
     * @param call a call of this thread, from {@link #newCall}
     */
    public void run(Call call, Client client, Request request, ReplyWriter reply) {
        begin(call);
        Command command = admitted(call, client, request, reply);
        if (command != null) {
            execute(call, client, request, reply, command);
        }
    }

    /**
     * As {@link #run(Call, Client, Request, ReplyWriter)}, for a caller on an event loop, which
     * must not wait long for locks, as a script may have them.
     *
     * @return false when they cannot be had soon: nothing has happened
     */
    public boolean tryRun(Call call, Client client, Request request, ReplyWriter reply) {
        keyspace.lockWait(Execution.IMPATIENT);
        try {
            run(call, client, request, reply);
            return true;
        } catch (MoveToWorker notNow) {
            return false;
        } finally {
            keyspace.lockWait(null);
        }
    }

    /**
     * As {@link #run(Call, Client, Request, ReplyWriter)}, for a caller that may wait: when the
     * command blocks it writes nothing, and the reply goes to the port later.
     */
    public void run(Call call, Client client, Request request, ReplyWriter reply, ReplyPort port) {
        call.replyPort(port);
        try {
            run(call, client, request, reply);
            call.takeWaiter();
        } finally {
            call.replyPort(null);
        }
    }

    /** Runs the command of a waiter again; gives whether it goes on waiting. */
    boolean runAgain(Call call, Waiter waiter, ReplyWriter reply) {
        begin(call);
        call.serving(waiter);
        waiter.load(call.queuedRequest());
        try {
            Client client = waiter.client();
            byte[] refusal =
                    client.isUnrestricted()
                            ? null
                            : restriction(waiter.command(), client, call.queuedRequest());
            if (refusal != null) {
                refuse(call, client, reply, waiter.command(), refusal);
                return false;
            }
            execute(call, client, call.queuedRequest(), reply, waiter.command());
            waiter.spentNanos(call.spentNanos());
            return call.blocks();
        } finally {
            call.serving(null);
        }
    }

    /** Takes the time for the commands to come. */
    void begin(Call call) {
        call.nowMillis(keyspace.clock().millis());
        call.startTimer(keyspace.clock().nanos());
        call.longestString(longestString);
    }

    /** Steps 1 to 7; null when the request was answered or queued, or waits. */
    private @Nullable Command admitted(
            Call call, Client client, Request request, ReplyWriter reply) {
        Command command = table.find(request.address(0), request.length(0));
        if (command == null && client.isPrimary()) {
            command = table.original(request);
        }
        if (command != null && command.isContainer() && request.count() > 1) {
            Command subcommand =
                    table.findSubcommand(command, request.address(1), request.length(1));
            if (subcommand == null) {
                refuse(client, reply, Refusals.unknownSubcommand(command, request));
                return null;
            }
            byte[] objection = subcommand.objection(client, request);
            if (objection != null) {
                refuse(call, client, reply, subcommand, objection);
                return null;
            }
            command = subcommand;
        }
        if (command == null) {
            unknown(client, request, reply);
            return null;
        }
        byte[] refusal = refusal(command, client, request);
        if (refusal != null) {
            refuse(call, client, reply, command, refusal);
            return null;
        }
        if (conditions.isPaused() && pause.postpones(client, command.checkedAs(request))) {
            return null;
        }
        if (client.transaction().isOpen() && !command.isNeverQueued()) {
            client.transaction().queue().add(command, request);
            client.interacted(call.nowMillis(), command.fullName());
            reply.queued();
            return null;
        }
        return command;
    }

    /** A web page may make a browser send requests here; such a connection ends without a word. */
    private void unknown(Client client, Request request, ReplyWriter reply) {
        Connection connection = client.connection();
        if (connection != null && Refusals.isFromBrowser(request)) {
            LOG.warn(
                    "Possible SECURITY ATTACK detected: {} sends HTTP requests, connection closed",
                    connection.remoteText());
            connection.close();
            return;
        }
        refuse(client, reply, Refusals.unknownCommand(request));
    }

    /**
     * The command of a request that may be run right behind a script, by the worker that has run
     * it; null when the request is of another kind.
     */
    @Nullable Command follower(Request request) {
        Command command = table.find(request.address(0), request.length(0));
        return command != null && (command.runsScript() || command.isQuickOnKeys())
                ? command
                : null;
    }

    /** Steps 2 to 5: why the command is refused; null when it is not. */
    byte @Nullable [] refusal(Command command, Client client, Request request) {
        if (!command.acceptsCount(request.count())) {
            return command.arityError();
        }
        if (!client.isUnrestricted()) {
            byte[] refusal = restriction(command, client, request);
            if (refusal != null) {
                return refusal;
            }
        }
        if (client.transaction().isOpen() && command.has(CommandFlag.NO_MULTI)) {
            return Errors.NOT_IN_TRANSACTION.text();
        }
        if (client.isPrimary()) {
            return null;
        }
        if (client.isSubscribed()
                && client.protocol() == 2
                && !command.isAllowedWhileSubscribed()) {
            return Refusals.subscribed(command);
        }
        if (client.isMonitor() && command.touchesKeys()) {
            return Errors.MONITOR_AND_KEYS.text();
        }
        Command checked = command.checkedAs(request);
        int bits = conditions.bits();
        if (bits != 0) {
            for (Condition condition : Condition.values()) {
                if ((bits & condition.bit()) != 0
                        && condition.concerns(client)
                        && calls(client, checked, condition::refuses)) {
                    return conditions.error(condition).text();
                }
            }
        }
        return memory.refuses(client, checked, request) ? Errors.OUT_OF_MEMORY.text() : null;
    }

    /** What forbids the command to a client that must authenticate or may not do everything. */
    private byte @Nullable [] restriction(Command command, Client client, Request request) {
        if (client.isKilled()) {
            return Errors.CLIENT_KILLED.text();
        }
        if (client.has(Trait.READS_LOG) && command.touchesKeys()) {
            return ReplicaRequests.refusal(client, command);
        }
        if (!client.isAuthenticated()
                && !command.has(CommandFlag.NO_AUTH)
                && gatekeeper.requiresPassword()) {
            return Errors.NOT_AUTHENTICATED.text();
        }
        boolean queues = client.transaction().isOpen();
        if (queues && command.has(CommandFlag.NO_MULTI)) {
            return Errors.NOT_IN_TRANSACTION.text();
        }
        AccessContext context = queues ? AccessContext.MULTI : AccessContext.TOPLEVEL;
        // what the log of denials tells of the client
        client.interacted(keyspace.clock().millis(), command.fullName());
        Denial denial = permissions.denial(client, command, request, context);
        return denial == null ? null : denial.error().text();
    }

    /** Whether the test holds for the command or, when it is EXEC, for one of its queue. */
    static boolean calls(Client client, Command command, Predicate<Command> test) {
        return test.test(command)
                || (command.locking() == Locking.QUEUE && Execution.queueHas(client, test));
    }

    void refuse(Call call, Client client, ReplyWriter reply, Command command, byte[] reason) {
        if (client.isKilled()) {
            return; // nobody hears it
        }
        byte[] refusal = reason;
        call.statistics().countRejected(command);
        if (command.locking() == Locking.QUEUE) {
            refusal = Refusals.transaction(reason);
            client.transaction().close();
            client.transaction().unwatchAll();
        }
        refuse(client, reply, refusal);
    }

    private void refuse(Client client, ReplyWriter reply, byte[] text) {
        if (client.isKilled()) {
            return; // nobody hears it
        }
        client.transaction().abort();
        statistics.error(text);
        reply.error(text);
    }

    /** A command is over, whatever came of it; its reply is written. */
    static void ended(Client client, ReplyWriter reply) {
        if (client.isUnusual()) {
            CommandEnd.of(client, reply);
        }
    }

    void execute(Call call, Client client, Request request, ReplyWriter reply, Command command) {
        call.replyStart(reply.length());
        try {
            execution.run(call, client, request, reply, command);
        } catch (CommandError error) {
            reply.truncate(call.replyStart());
            statistics.error(error.text());
            reply.error(error.text());
        } catch (MoveToWorker busy) {
            throw busy;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError bug) {
            LOG.error("Command {} failed; please report this", command.fullName(), bug);
            statistics.bugs().increment();
            reply.truncate(call.replyStart());
            reply.error(INTERNAL_ERROR);
        }
        client.interacted(call.nowMillis(), command.fullName());
    }
}
