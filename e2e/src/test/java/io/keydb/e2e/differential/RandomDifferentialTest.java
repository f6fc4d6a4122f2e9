package io.keydb.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Made-up commands over two connections get the same replies from both servers and leave the same
 * data. {@code -Ddifferential.seed=N} repeats a run, {@code -Ddifferential.commands=N} sets its
 * length.
 */
class RandomDifferentialTest {

    private static final int CONNECTIONS = 2;
    private static final int DATABASES = 16;
    private static final int COMMANDS_BETWEEN_CHECKS = 500;
    private static final int LONGEST_PIPELINE = 400;
    private static final int CONTEXT_COMMANDS = 25;

    private static ServerPair servers;

    private final Deque<String> context = new ArrayDeque<>();
    private final List<List<String>> queued = List.of(new ArrayList<>(), new ArrayList<>());

    @BeforeAll
    static void startServers() throws Exception {
        servers = ServerPair.start(List.of());
    }

    @AfterAll
    static void stopServers() throws IOException {
        if (servers != null) {
            servers.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void madeUpCommandsGetTheSameRepliesAndLeaveTheSameData(int protocol) throws IOException {
        long seed = Long.getLong("differential.seed", System.nanoTime());
        int commands = Integer.getInteger("differential.commands", 20_000);
        String origin = "-Ddifferential.seed=" + seed + " in RESP" + protocol;
        servers.clear();
        RandomCommands random = new RandomCommands(seed);
        try (Side stock = new Side(servers.stock(), protocol);
                Side ours = new Side(servers.ours(), protocol)) {
            for (int i = 0; i < commands; i++) {
                int connection = random.below(CONNECTIONS);
                List<String> command = random.next();
                RespReply expected = stock.call(connection, command);
                RespReply actual = ours.call(connection, command);
                compare(origin + ", command " + i, connection, command, expected, actual);
                if (i % COMMANDS_BETWEEN_CHECKS == 0) {
                    assertThat(ours.content())
                            .as(() -> origin + "\n" + shownContext())
                            .isEqualTo(stock.content());
                }
            }
            assertThat(ours.content())
                    .as(() -> origin + "\n" + shownContext())
                    .isEqualTo(stock.content());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void pipelinesOfMadeUpCommandsGetTheSameRepliesInTheSameOrder(int protocol) throws IOException {
        long seed = Long.getLong("differential.seed", System.nanoTime());
        int commands = Integer.getInteger("differential.commands", 20_000);
        String origin = "-Ddifferential.seed=" + seed + " in pipelines, RESP" + protocol;
        servers.clear();
        RandomCommands random = new RandomCommands(seed);
        try (Side stock = new Side(servers.stock(), protocol);
                Side ours = new Side(servers.ours(), protocol)) {
            for (int done = 0; done < commands; ) {
                List<List<String>> batch = new ArrayList<>();
                int size = 1 + random.below(LONGEST_PIPELINE);
                for (int i = 0; i < size; i++) {
                    batch.add(random.next());
                }
                List<RespReply> expected = stock.pipeline(batch);
                List<RespReply> actual = ours.pipeline(batch);
                for (int i = 0; i < size; i++) {
                    compare(
                            origin + ", command " + (done + i),
                            0,
                            batch.get(i),
                            expected.get(i),
                            actual.get(i));
                }
                done += size;
                assertThat(ours.content())
                        .as(() -> origin + "\n" + shownContext())
                        .isEqualTo(stock.content());
            }
        }
    }

    private void compare(
            String origin, int connection, List<String> command, RespReply stock, RespReply ours) {
        String shown = connection + ": " + RespReply.printable(String.join(" ", command));
        context.addLast(shown + "  ->  " + stock);
        if (context.size() > CONTEXT_COMMANDS) {
            context.removeFirst();
        }
        String name = command.getFirst().toUpperCase(Locale.ROOT);
        List<String> transaction = queued.get(connection);
        boolean isTransaction = name.equals("EXEC") && stock.isAggregate();
        boolean same =
                isTransaction
                        ? isSameTransaction(transaction, stock, ours)
                        : isSameReply(name, stock, ours);
        if (!same) {
            fail(
                    "%s: %s\n  stock: %s\n  ours:  %s\nafter:\n  %s"
                            .formatted(origin, shown, stock, ours, shownContext()));
        }
        if (stock.isSimple("QUEUED")) {
            transaction.add(name);
        } else if (name.equals("EXEC") || name.equals("DISCARD")) {
            transaction.clear();
        }
    }

    private String shownContext() {
        return String.join("\n  ", context);
    }

    /** Times may differ by as much as the servers are apart; some replies have no order. */
    private static boolean isSameReply(String command, RespReply stock, RespReply ours) {
        if (stock.raw().equals(ours.raw())) {
            return true;
        }
        return switch (command) {
            case "TTL", "EXPIRETIME" -> ReplyComparison.of("near", "5").matches(stock, ours);
            case "PTTL", "PEXPIRETIME" -> ReplyComparison.of("near", "5000").matches(stock, ours);
            case "KEYS" -> ReplyComparison.of("unordered", "").matches(stock, ours);
            case "RANDOMKEY" -> ReplyComparison.of("type", "").matches(stock, ours);
            default -> false;
        };
    }

    /** Each element is compared by the rule of the command that was queued for it. */
    private static boolean isSameTransaction(List<String> queued, RespReply stock, RespReply ours) {
        if (stock.type() != ours.type()
                || stock.children().size() != queued.size()
                || ours.children().size() != queued.size()) {
            return false;
        }
        for (int i = 0; i < queued.size(); i++) {
            if (!isSameReply(queued.get(i), stock.children().get(i), ours.children().get(i))) {
                return false;
            }
        }
        return true;
    }

    /** One server's connections and the means to list all it holds. */
    private static final class Side implements AutoCloseable {

        private final List<RespClient> connections = new ArrayList<>();
        private final RespClient observer;

        Side(ServerProcess server, int protocol) throws IOException {
            for (int i = 0; i < CONNECTIONS; i++) {
                RespClient client = server.connect();
                client.call("HELLO", Integer.toString(protocol));
                connections.add(client);
            }
            observer = server.connect();
        }

        RespReply call(int connection, List<String> command) throws IOException {
            return connections.get(connection).call(command);
        }

        /** Sends all commands in one write and then reads all replies. */
        List<RespReply> pipeline(List<List<String>> commands) throws IOException {
            StringBuilder requests = new StringBuilder();
            commands.forEach(command -> requests.append(RespClient.encode(command)));
            connections.getFirst().send(requests.toString());
            List<RespReply> replies = new ArrayList<>();
            for (int i = 0; i < commands.size(); i++) {
                replies.add(connections.getFirst().read());
            }
            return replies;
        }

        /** Every key with its value and encoding; expiry only by its being there. */
        String content() throws IOException {
            StringBuilder out = new StringBuilder();
            for (int database = 0; database < DATABASES; database++) {
                observer.call("SELECT", Integer.toString(database));
                TreeSet<String> keys = new TreeSet<>();
                observer.call("KEYS", "*").children().forEach(key -> keys.add(key.text()));
                for (String key : keys) {
                    out.append(database).append(' ').append(RespReply.printable(key)).append(' ');
                    out.append(observer.call("OBJECT", "ENCODING", key)).append(' ');
                    out.append(observer.call("GET", key)).append(' ');
                    out.append(
                                    observer.call("PEXPIRETIME", key).integer() < 0
                                            ? "stays"
                                            : "expires")
                            .append('\n');
                }
            }
            return out.toString();
        }

        @Override
        public void close() throws IOException {
            observer.close();
            for (RespClient client : connections) {
                client.close();
            }
        }
    }
}
