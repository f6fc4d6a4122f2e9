package io.keydb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.acl.AccessControl;
import io.keydb.server.client.Client;
import io.keydb.server.client.Clients;
import io.keydb.server.client.User;
import io.keydb.server.client.Waiting;
import io.keydb.server.command.bitmap.BitCommands;
import io.keydb.server.command.bitmap.BitFieldCommands;
import io.keydb.server.command.bitmap.BitOperationCommands;
import io.keydb.server.command.connection.ClientCommands;
import io.keydb.server.command.connection.ConnectionCommands;
import io.keydb.server.command.cron.CronCommands;
import io.keydb.server.command.generic.ExpiryCommands;
import io.keydb.server.command.generic.KeyCommands;
import io.keydb.server.command.generic.KeyspaceCommands;
import io.keydb.server.command.generic.MemberExpiryCommands;
import io.keydb.server.command.generic.ObjectCommands;
import io.keydb.server.command.generic.SortCommands;
import io.keydb.server.command.geo.GeoCommands;
import io.keydb.server.command.geo.GeoSearchCommands;
import io.keydb.server.command.hash.FieldCounterCommands;
import io.keydb.server.command.hash.FieldExpiryCommands;
import io.keydb.server.command.hash.FieldRenameCommands;
import io.keydb.server.command.hash.FieldWalkCommands;
import io.keydb.server.command.hash.HashCommands;
import io.keydb.server.command.hash.NestedHashCommands;
import io.keydb.server.command.hyperloglog.HyperLogLogCommands;
import io.keydb.server.command.hyperloglog.HyperLogLogTestCommands;
import io.keydb.server.command.introspection.CommandCommands;
import io.keydb.server.command.list.BlockingListCommands;
import io.keydb.server.command.list.EndCommands;
import io.keydb.server.command.list.MoveCommands;
import io.keydb.server.command.list.PlaceCommands;
import io.keydb.server.command.list.PositionCommands;
import io.keydb.server.command.set.CombinedSetCommands;
import io.keydb.server.command.set.RandomMemberCommands;
import io.keydb.server.command.set.SetCommands;
import io.keydb.server.command.sortedset.CombinationCommands;
import io.keydb.server.command.sortedset.PopCommands;
import io.keydb.server.command.sortedset.RangeCommands;
import io.keydb.server.command.sortedset.RemovalCommands;
import io.keydb.server.command.sortedset.SampleCommands;
import io.keydb.server.command.sortedset.SortedSetCommands;
import io.keydb.server.command.stream.StreamCommands;
import io.keydb.server.command.stream.StreamGroupCommands;
import io.keydb.server.command.stream.StreamInfoCommands;
import io.keydb.server.command.stream.StreamPendingCommands;
import io.keydb.server.command.stream.StreamReadCommands;
import io.keydb.server.command.string.CounterCommands;
import io.keydb.server.command.string.PartCommands;
import io.keydb.server.command.string.StringCommands;
import io.keydb.server.command.string.SubsequenceCommands;
import io.keydb.server.command.transaction.TransactionCommands;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directives;
import io.keydb.server.keyspace.Keyspace;
import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.net.Connection;
import io.keydb.server.persistence.DumpCommands;
import io.keydb.server.persistence.rdb.DumpPayload;
import io.keydb.server.persistence.rdb.FunctionDump;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.resp.NativeReplySpace;
import io.keydb.server.resp.ReplyWriter;
import io.keydb.server.resp.Request;
import io.keydb.server.scripting.FunctionPayload;
import io.keydb.server.scripting.Scripting;
import io.keydb.server.scripting.ScriptingDirectives;
import io.keydb.server.support.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands in process, without a socket, and gives their replies as text. Keeps the effects
 * that went to the log. Checks at the end that all memory was given back.
 */
public final class CommandTester implements AutoCloseable {
    private final TestClock clock = new TestClock(1_700_000_000_000L);
    private final Keyspace keyspace;
    private final Pause pause;
    private final Dispatcher dispatcher;
    private final CommandTable table;
    private final Gatekeeper gatekeeper;
    private final Clients clients = new Clients();
    private final Session first;
    private final Conditions conditions = new Conditions();
    private final Workers workers = new Workers();
    private final Scripting scripting;
    private final List<String> effects = Collections.synchronizedList(new ArrayList<>());

    public CommandTester() {
        this(false);
    }

    /** A server whose records carry stamps when {@code active}. */
    public CommandTester(boolean active) {
        this(active, 8, Gatekeeper.open());
    }

    /** A server of so many partitions, with this gate and some commands more. */
    public CommandTester(boolean active, int partitions, Gatekeeper gatekeeper, Command... more) {
        this(active, partitions, Access.by(gatekeeper), more);
    }

    private CommandTester(boolean active, int partitions, Access access, Command... more) {
        Access.Made made = access.make(clients, this::table, clock);
        this.gatekeeper = made.gatekeeper();
        keyspace = new Keyspace(16, partitions, active, true, clock);
        pause = new Pause(keyspace, conditions);
        List<Command> commands = new ArrayList<>();
        commands.addAll(StringCommands.ALL);
        commands.addAll(CounterCommands.ALL);
        commands.addAll(PartCommands.ALL);
        commands.addAll(SubsequenceCommands.ALL);
        commands.addAll(BitCommands.ALL);
        commands.addAll(BitOperationCommands.ALL);
        commands.addAll(BitFieldCommands.ALL);
        commands.addAll(GeoCommands.ALL);
        commands.addAll(GeoSearchCommands.ALL);
        commands.addAll(SortedSetCommands.ALL);
        commands.addAll(RangeCommands.ALL);
        commands.addAll(RemovalCommands.ALL);
        commands.addAll(PopCommands.ALL);
        commands.addAll(CombinationCommands.ALL);
        commands.addAll(SampleCommands.ALL);
        commands.addAll(SetCommands.ALL);
        commands.addAll(RandomMemberCommands.ALL);
        commands.addAll(CombinedSetCommands.ALL);
        commands.addAll(HyperLogLogCommands.ALL);
        commands.addAll(HyperLogLogTestCommands.ALL);
        commands.addAll(HashCommands.ALL);
        commands.addAll(FieldCounterCommands.ALL);
        commands.addAll(FieldWalkCommands.ALL);
        commands.addAll(FieldExpiryCommands.ALL);
        commands.addAll(FieldRenameCommands.ALL);
        commands.addAll(NestedHashCommands.ALL);
        commands.addAll(KeyCommands.ALL);
        commands.addAll(ExpiryCommands.ALL);
        commands.addAll(MemberExpiryCommands.ALL);
        commands.addAll(KeyspaceCommands.ALL);
        commands.addAll(ObjectCommands.ALL);
        commands.addAll(EndCommands.ALL);
        commands.addAll(PlaceCommands.ALL);
        commands.addAll(PositionCommands.ALL);
        commands.addAll(MoveCommands.ALL);
        commands.addAll(BlockingListCommands.ALL);
        commands.addAll(SortCommands.ALL);
        commands.addAll(StreamCommands.ALL);
        commands.addAll(StreamReadCommands.ALL);
        commands.addAll(StreamGroupCommands.ALL);
        commands.addAll(StreamPendingCommands.ALL);
        commands.addAll(StreamInfoCommands.ALL);
        commands.addAll(CronCommands.ALL);
        commands.addAll(TransactionCommands.ALL);
        commands.addAll(
                new ConnectionCommands(gatekeeper, () -> "master", call -> call.reply().array(0))
                        .all());
        commands.addAll(new ClientCommands(clients, gatekeeper, pause, List.of()).all());
        commands.addAll(new CommandCommands(this::table).all());
        commands.addAll(new DumpCommands().all());
        scripting =
                new Scripting(
                        keyspace,
                        conditions,
                        workers,
                        new Configuration(Directives.of(ScriptingDirectives.ALL)),
                        new TestPayloads());
        commands.addAll(scripting.commands());
        commands.addAll(made.commands());
        commands.addAll(List.of(more));
        table = new CommandTable(commands);
        dispatcher =
                new Dispatcher(
                        new Dispatcher.Parts(
                                table,
                                keyspace,
                                clients,
                                gatekeeper,
                                made.permissions(),
                                conditions,
                                workers,
                                pause,
                                1));
        scripting.connect(dispatcher);
        dispatcher.effectLog(new RecordingLog());
        dispatcher.stateForm(DumpPayload::write);
        first = new Session();
    }

    /** How this server decides whom to let in, and what for. */
    private interface Access {
        Made make(Clients clients, Supplier<CommandTable> table, TestClock clock);

        record Made(Gatekeeper gatekeeper, Permissions permissions, List<Command> commands) {}

        static Access by(Gatekeeper gatekeeper) {
            return (clients, table, clock) -> new Made(gatekeeper, Permissions.ALL, List.of());
        }
    }

    /** A server with users, as this configuration says. */
    public static CommandTester withUsers(Configuration configuration, Command... more) {
        return new CommandTester(
                false,
                8,
                (clients, table, clock) -> {
                    AccessControl control =
                            new AccessControl(configuration, clients, table, Path.of(""), clock);
                    return new Access.Made(
                            control.gatekeeper(), control.permissions(), control.commands());
                },
                more);
    }

    /** A server that asks for a password. */
    public static CommandTester withPassword(String password) {
        return new CommandTester(
                false,
                8,
                new Gatekeeper() {
                    @Override
                    public byte @Nullable [] refusal(Connection connection, int clients) {
                        return null;
                    }

                    @Override
                    public boolean requiresPassword() {
                        return true;
                    }

                    @Override
                    public boolean authenticate(
                            Client client, Request request, String user, byte[] given) {
                        boolean right =
                                user.equals("default")
                                        && new String(given, StandardCharsets.UTF_8)
                                                .equals(password);
                        if (right) {
                            client.trust();
                        }
                        return right;
                    }

                    @Override
                    public void admit(Client client) {
                        client.user(null, false);
                    }

                    @Override
                    public @Nullable User user(String name) {
                        return null;
                    }
                });
    }

    public CommandTable table() {
        return table;
    }

    public Keyspace keyspace() {
        return keyspace;
    }

    public TestClock clock() {
        return clock;
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    public Conditions conditions() {
        return conditions;
    }

    /** The effects since the last call, each as its arguments with spaces between. */
    public List<String> takeEffects() {
        List<String> taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }

    /** Runs a command; gives the reply as on the wire, with line ends shown as spaces. */
    public String run(String... arguments) {
        return first.run(arguments);
    }

    /** The bytes of the bulk string that is the reply, each a character. */
    public String bulk(String... arguments) {
        return first.bulk(arguments);
    }

    public Session session() {
        return new Session();
    }

    /** One more caller. */
    public final class Session {
        private final Client client =
                new Client(clients.nextId(), null, keyspace.database(0), clock.millis());
        private final Queue<String> lateReplies = new ConcurrentLinkedQueue<>();
        private final Call call = dispatcher.newCall();
        private final ReplyWriter reply = new ReplyWriter(new NativeReplySpace());

        Session() {
            clients.add(client);
            gatekeeper.admit(client);
        }

        public Client client() {
            return client;
        }

        /** Whether the last command waits. */
        public boolean isBlocked() {
            return client.waiting() != null;
        }

        /** The reply of a command that has waited, once; null when there is none. */
        public @Nullable String lateReply() {
            return lateReplies.poll();
        }

        /** Ends the waiting as if its time was over; gives the reply. */
        public @Nullable String timeOut() {
            Waiting waiting = client.waiting();
            if (waiting != null) {
                waiting.timeOut();
            }
            return lateReply();
        }

        /** Gives nothing when the command waits. */
        public String run(String... arguments) {
            return text(encoded(arguments));
        }

        /** The bytes of the bulk string that is the reply, each a character. */
        public String bulk(String... arguments) {
            String reply = new String(encoded(arguments), StandardCharsets.ISO_8859_1);
            return reply.substring(reply.indexOf('\n') + 1, reply.length() - 2);
        }

        private byte[] encoded(String... arguments) {
            try (OffHeapBuffer bytes = new OffHeapBuffer(keyspace.pages());
                    Request request = new Request()) {
                for (String argument : arguments) {
                    bytes.append(argument.getBytes(StandardCharsets.ISO_8859_1));
                }
                long at = bytes.address();
                for (String argument : arguments) {
                    request.add(at, argument.length());
                    at += argument.length();
                }
                reply.clear();
                dispatcher.run(call, client, request, reply, late -> lateReplies.add(text(late)));
                return reply.bytes();
            }
        }

        private static String text(byte[] encoded) {
            return new String(encoded, StandardCharsets.ISO_8859_1).replace("\r\n", " ").trim();
        }
    }

    @Override
    public void close() {
        scripting.close();
        first.client.release();
        clients.all()
                .forEach(
                        client -> {
                            Waiting waiting = client.waiting();
                            if (waiting != null) {
                                waiting.connectionLost();
                            }
                        });
        keyspace.lock(keyspace.allPartitions());
        for (int i = 0; i < keyspace.databases(); i++) {
            keyspace.clear(i);
        }
        keyspace.reclaim();
        for (int i = 0; i < keyspace.partitions(); i++) {
            keyspace.partition(i).allocator().checkCanaries();
        }
        assertThat(dispatcher.statistics().bugs().sum()).as("internal errors").isZero();
        assertThat(keyspace.allocatedBytes()).as("bytes still allocated").isZero();
        keyspace.close();
    }

    private final class RecordingLog implements EffectLog {
        private long stamp = 1000;

        @Override
        public boolean isWanted() {
            return true;
        }

        @Override
        public long nextStamp() {
            return ++stamp;
        }

        @Override
        public int ownOrigin() {
            return 1;
        }

        @Override
        public boolean areExpiriesWanted() {
            return !keyspace.isStamped();
        }

        @Override
        public void appendExpiry(Effects unit) {
            append(unit, 0);
        }

        @Override
        public void append(Effects unit, long stampOfUnit) {
            for (int i = 0; i < unit.commands(); i++) {
                String text =
                        new String(
                                Memory.bytes(unit.address(i), (int) unit.length(i)),
                                StandardCharsets.ISO_8859_1);
                StringBuilder words = new StringBuilder();
                String[] lines = text.split("\r\n", -1);
                for (int j = 2; j < lines.length; j += 2) {
                    words.append(words.isEmpty() ? "" : " ").append(lines[j]);
                }
                effects.add(unit.database(i) + ": " + words);
            }
        }
    }

    private final class TestPayloads implements FunctionPayload {
        @Override
        public byte[] write(List<byte[]> codes) {
            return FunctionDump.write(codes);
        }

        @Override
        public List<byte[]> read(byte[] payload) {
            try {
                return FunctionDump.read(keyspace.pages(), payload);
            } catch (RdbException damaged) {
                throw new CommandError("ERR " + damaged.getMessage());
            }
        }
    }
}
