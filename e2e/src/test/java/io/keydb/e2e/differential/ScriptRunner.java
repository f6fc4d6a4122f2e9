package io.keydb.e2e.differential;

import io.keydb.e2e.differential.Script.Action;
import io.keydb.e2e.differential.Script.Step;
import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs one script on two servers in step and notes every line whose replies differ, with the lines
 * before it.
 */
final class ScriptRunner {

    private static final int CONTEXT_LINES = 6;
    private static final int MOST_DIFFERENCES = 12;
    private static final int SHOWN_REPLY_CHARACTERS = 600;

    private static final Duration AWAIT_LIMIT = Duration.ofSeconds(10);

    /** Stands for what happened instead of a reply; compared like one. */
    private static final char EVENT = '?';

    private static final String CLOSED = "connection closed";

    private final Session stock;
    private final Session ours;
    private final Deque<String> context = new ArrayDeque<>();
    private final List<String> differences = new ArrayList<>();

    ScriptRunner(Session stock, Session ours) {
        this.stock = stock;
        this.ours = ours;
    }

    /** The differences found, readable; empty when the servers agree. */
    List<String> run(Script script) throws IOException, InterruptedException {
        for (Step step : script.steps()) {
            if (step.action() instanceof Action.Sleep(long millis)) {
                Thread.sleep(millis);
                continue;
            }
            long nowMillis = System.currentTimeMillis();
            RespReply expected = perform(step, stock, nowMillis);
            RespReply actual = perform(step, ours, nowMillis);
            compare(script.name(), step, expected, actual);
            if (differences.size() >= MOST_DIFFERENCES) {
                break;
            }
        }
        return differences;
    }

    private void compare(String script, Step step, RespReply expected, RespReply actual) {
        if (!comparison(step).matches(expected, actual)) {
            differences.add(
                    """
                    %s:%d: %s
                      stock: %s
                      ours:  %s
                    after:
                      %s
                    """
                            .formatted(
                                    script,
                                    step.line(),
                                    step.text(),
                                    shown(expected),
                                    shown(actual),
                                    String.join("\n  ", context)));
        }
        context.addLast(step.text() + "  ->  " + shown(expected));
        if (context.size() > CONTEXT_LINES) {
            context.removeFirst();
        }
    }

    /**
     * A mode says how to compare replies. Where a line asks for a reply, silence or a closed
     * connection is a difference even when both servers do it: then the script is wrong.
     */
    private static ReplyComparison comparison(Step step) {
        ReplyComparison asked =
                switch (step.action()) {
                    case Action.Call call -> call.comparison();
                    case Action.Read read -> read.comparison();
                    default -> ReplyComparison.EXACT;
                };
        boolean wantsReply =
                step.action() instanceof Action.Call || step.action() instanceof Action.Read;
        return (expected, actual) -> {
            if (expected.type() == EVENT || actual.type() == EVENT) {
                return !wantsReply && ReplyComparison.EXACT.matches(expected, actual);
            }
            return asked.matches(expected, actual);
        };
    }

    private static RespReply perform(Step step, Session session, long nowMillis)
            throws IOException {
        String connection = step.connection();
        try {
            return switch (step.action()) {
                case Action.Call call -> call(call, session, connection, nowMillis);
                case Action.Scan scan -> scan(scan, session, connection, nowMillis);
                case Action.Send send -> {
                    session.connection(connection).send(session.expand(send.bytes(), nowMillis));
                    yield event("sent");
                }
                case Action.Read read ->
                        closing(
                                session.connection(connection).read(),
                                read.closes(),
                                session,
                                connection);
                case Action.Closed _ -> closed(session, connection);
                case Action.Open _ -> {
                    session.open(connection);
                    yield event("opened");
                }
                case Action.Await await -> await(await, session.connection(connection));
                case Action.Sleep _ -> event("slept");
            };
        } catch (EOFException end) {
            session.forget(connection);
            return event(CLOSED);
        } catch (SocketTimeoutException silent) {
            session.forget(connection);
            return event("no reply in time");
        }
    }

    /** What another connection has been sent may take effect at any time; this waits for it. */
    private static RespReply await(Action.Await await, RespClient client) throws IOException {
        String line = await.field() + ":" + await.value() + "\r\n";
        long deadline = System.nanoTime() + AWAIT_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            if (client.call(List.of("INFO", "everything")).text().contains("\n" + line)) {
                return event("has come");
            }
        }
        return event("has not come in time");
    }

    private static RespReply call(
            Action.Call call, Session session, String connection, long nowMillis)
            throws IOException {
        RespClient client = session.connection(connection);
        RespReply reply = client.call(session.expand(call.words(), nowMillis));
        if (!call.variable().isEmpty()) {
            session.keep(call.variable(), reply);
        }
        return closing(reply, call.closes(), session, connection);
    }

    private static RespReply closing(
            RespReply reply, boolean closes, Session session, String connection)
            throws IOException {
        if (!closes) {
            return reply;
        }
        // Both servers must close; when one does not, that shows as an event of its own.
        RespReply end = closed(session, connection);
        return end.text().equals(CLOSED) ? reply : end;
    }

    private static RespReply closed(Session session, String connection) throws IOException {
        try {
            boolean closed = session.connection(connection).isClosedByServer();
            return event(closed ? CLOSED : "further bytes instead of the end of the connection");
        } catch (SocketTimeoutException open) {
            return event("connection left open");
        } finally {
            session.forget(connection);
        }
    }

    private static RespReply scan(
            Action.Scan scan, Session session, String connection, long nowMillis)
            throws IOException {
        List<String> words = new ArrayList<>(session.expand(scan.words(), nowMillis));
        int at = words.getFirst().equalsIgnoreCase("SCAN") ? 1 : 2;
        Set<String> found = new TreeSet<>();
        do {
            RespReply reply = session.connection(connection).call(words);
            if (!reply.isAggregate()) {
                return reply;
            }
            words.set(at, reply.children().getFirst().text());
            reply.children()
                    .get(1)
                    .children()
                    .forEach(key -> found.add(RespReply.printable(key.text())));
        } while (!words.get(at).equals("0"));
        return event(found.toString());
    }

    private static RespReply event(String text) {
        return new RespReply(EVENT, text, false, List.of(), text);
    }

    private static String shown(RespReply reply) {
        String text = reply.toString();
        return text.length() <= SHOWN_REPLY_CHARACTERS
                ? text
                : text.substring(0, SHOWN_REPLY_CHARACTERS)
                        + "... ("
                        + text.length()
                        + " characters)";
    }
}
