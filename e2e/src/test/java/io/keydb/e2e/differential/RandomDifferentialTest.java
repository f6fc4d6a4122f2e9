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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Made-up commands get the same replies from both servers and leave the same data: of each family
 * and of all mixed, over two connections and in pipelines. {@code -Ddifferential.random=hash} runs
 * one family only ({@code all}: all mixed), {@code -Ddifferential.seed=N} repeats a run, {@code
 * -Ddifferential.commands=N} sets its length.
 */
class RandomDifferentialTest {

    private static final int CONNECTIONS = 2;
    private static final int COMMANDS_BETWEEN_CHECKS = 500;
    private static final int LONGEST_PIPELINE = 400;
    private static final int CONTEXT_COMMANDS = 25;
    private static final int SHOWN_CHARACTERS = 400;
    private static final int COMMANDS = Integer.getInteger("differential.commands", 3_000);

    private static ServerPair servers;

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

    @TestFactory
    Stream<DynamicContainer> madeUpCommandsGetTheSameRepliesAndLeaveTheSameData()
            throws IOException {
        List<TemplateFile> files = TemplateFile.all();
        List<String> families = new ArrayList<>(files.stream().map(TemplateFile::family).toList());
        families.add(RandomCommands.ALL);
        String only = System.getProperty("differential.random", "");
        return families.stream()
                .filter(family -> only.isEmpty() || family.equals(only))
                .map(family -> DynamicContainer.dynamicContainer(family, runs(family, files)));
    }

    private static List<DynamicTest> runs(String family, List<TemplateFile> files) {
        List<DynamicTest> runs = new ArrayList<>();
        for (int protocol : new int[] {2, 3}) {
            runs.add(
                    DynamicTest.dynamicTest(
                            "over two connections, RESP" + protocol,
                            () -> new Run(family, files, protocol).oneByOne()));
        }
        runs.add(
                DynamicTest.dynamicTest(
                        "in pipelines, RESP3", () -> new Run(family, files, 3).inPipelines()));
        return runs;
    }

    /** One run of one family from one seed. */
    private static final class Run {

        private final long seed = Long.getLong("differential.seed", System.nanoTime());
        private final List<TemplateFile> files;
        private final RandomCommands random;
        private final int protocol;
        private final String origin;
        private final Deque<String> context = new ArrayDeque<>();
        private final List<List<List<String>>> queued =
                List.of(new ArrayList<>(), new ArrayList<>());

        Run(String family, List<TemplateFile> files, int protocol) {
            this.files = files;
            this.protocol = protocol;
            this.random = new RandomCommands(seed, family, files, CONNECTIONS);
            this.origin =
                    "-Ddifferential.random=%s -Ddifferential.seed=%d -Ddifferential.commands=%d, RESP%d"
                            .formatted(family, seed, COMMANDS, protocol);
            System.out.println(origin);
        }

        void oneByOne() throws IOException {
            servers.clear();
            try (Side stock = new Side(servers.stock(), protocol);
                    Side ours = new Side(servers.ours(), protocol)) {
                prepare(stock, ours);
                for (int i = 0; i < COMMANDS; i++) {
                    int connection = random.below(CONNECTIONS);
                    List<String> command = random.next(connection);
                    RespReply expected = stock.call(connection, command);
                    RespReply actual = ours.call(connection, command);
                    compare("command " + i, connection, command, expected, actual);
                    if (i % COMMANDS_BETWEEN_CHECKS == COMMANDS_BETWEEN_CHECKS - 1) {
                        compareContent(stock, ours);
                    }
                }
                compareContent(stock, ours);
            }
        }

        void inPipelines() throws IOException {
            servers.clear();
            try (Side stock = new Side(servers.stock(), protocol);
                    Side ours = new Side(servers.ours(), protocol)) {
                prepare(stock, ours);
                for (int done = 0; done < COMMANDS; ) {
                    List<List<String>> batch = new ArrayList<>();
                    int size = 1 + random.below(LONGEST_PIPELINE);
                    for (int i = 0; i < size; i++) {
                        batch.add(random.next(0));
                    }
                    List<RespReply> expected = stock.pipeline(batch);
                    List<RespReply> actual = ours.pipeline(batch);
                    for (int i = 0; i < size; i++) {
                        String at = "pipelined command " + (done + i);
                        compare(at, 0, batch.get(i), expected.get(i), actual.get(i));
                    }
                    done += size;
                    compareContent(stock, ours);
                }
            }
        }

        private void prepare(Side stock, Side ours) throws IOException {
            for (TemplateFile file : files) {
                for (List<String> command : file.preparations()) {
                    RespReply expected = stock.call(0, command);
                    compare("preparation", 0, command, expected, ours.call(0, command));
                }
            }
        }

        private void compareContent(Side stock, Side ours) throws IOException {
            List<String> differences = stock.content().differencesTo(ours.content());
            assertThat(differences)
                    .as(
                            () ->
                                    origin
                                            + "\n  "
                                            + String.join("\n  ", differences)
                                            + "\nafter:\n  "
                                            + String.join("\n  ", context))
                    .isEmpty();
        }

        private void compare(
                String where,
                int connection,
                List<String> command,
                RespReply stock,
                RespReply ours) {
            String shown =
                    shortened(
                            connection + ": " + RespReply.printable(String.join(" ", command)), 0);
            context.addLast(shown + "  ->  " + shortened(stock.toString(), 0));
            if (context.size() > CONTEXT_COMMANDS) {
                context.removeFirst();
            }
            String name = command.getFirst().toUpperCase(Locale.ROOT);
            List<List<String>> transaction = queued.get(connection);
            boolean isTransaction = name.equals("EXEC") && stock.isAggregate();
            boolean same =
                    isTransaction
                            ? RandomReplies.isSameTransaction(transaction, stock, ours)
                            : RandomReplies.isSame(command, stock, ours);
            if (!same) {
                int at = firstDifference(stock.toString(), ours.toString());
                fail(
                        "%s, %s: %s\n  stock: %s\n  ours:  %s\nafter:\n  %s"
                                .formatted(
                                        origin,
                                        where,
                                        shown,
                                        shortened(stock.toString(), at),
                                        shortened(ours.toString(), at),
                                        String.join("\n  ", context)));
            }
            if (stock.isSimple("QUEUED")) {
                transaction.add(command);
            } else if (name.equals("EXEC") || name.equals("DISCARD")) {
                transaction.clear();
            }
        }
    }

    /** A piece of a long text around a position. */
    private static String shortened(String text, int at) {
        int from = Math.max(0, at - SHOWN_CHARACTERS / 2);
        int to = Math.min(text.length(), from + SHOWN_CHARACTERS);
        return (from > 0 ? from + " characters ... " : "")
                + text.substring(from, to)
                + (to < text.length() ? " ... " + (text.length() - to) + " characters" : "");
    }

    private static int firstDifference(String one, String other) {
        int at = 0;
        while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
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

        Content content() throws IOException {
            return Content.of(observer);
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
