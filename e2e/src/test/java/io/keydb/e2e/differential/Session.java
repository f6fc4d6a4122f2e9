package io.keydb.e2e.differential;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import io.keydb.e2e.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One script's view of one server: named connections and kept replies. */
final class Session implements AutoCloseable {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern EXPANSION = Pattern.compile("\\$\\{([^}]*)}");

    private final ServerProcess server;
    private final int protocol;
    private final boolean plain;
    private final Map<String, RespClient> connections = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();

    Session(ServerProcess server, int protocol, boolean plain) {
        this.server = server;
        this.protocol = protocol;
        this.plain = plain;
    }

    RespClient connection(String name) throws IOException {
        RespClient existing = connections.get(name);
        return existing != null ? existing : open(name);
    }

    RespClient open(String name) throws IOException {
        forget(name);
        RespClient client = RespClient.connect(server.address(), READ_TIMEOUT);
        connections.put(name, client);
        if (protocol == 3 && !plain) {
            client.call("HELLO", "3");
        }
        return client;
    }

    /** Closes our end; the next use of the name opens a new connection. */
    void forget(String name) throws IOException {
        RespClient client = connections.remove(name);
        if (client != null) {
            client.close();
        }
    }

    void keep(String variable, RespReply reply) {
        variables.put(variable, reply.text());
    }

    List<String> expand(List<String> words, long nowMillis) throws IOException {
        List<String> expanded = new java.util.ArrayList<>(words.size());
        for (String word : words) {
            expanded.add(word.indexOf('$') < 0 ? word : expand(word, nowMillis));
        }
        return expanded;
    }

    String expand(String word, long nowMillis) throws IOException {
        Matcher matcher = EXPANSION.matcher(word);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(
                    out, Matcher.quoteReplacement(value(matcher.group(1), nowMillis)));
        }
        return matcher.appendTail(out).toString();
    }

    private String value(String expression, long nowMillis) throws IOException {
        int star = expression.lastIndexOf('*');
        if (star > 0) {
            return expression
                    .substring(0, star)
                    .repeat(Integer.parseInt(expression.substring(star + 1)));
        }
        if (expression.startsWith("seconds")) {
            return Long.toString(nowMillis / 1000 + offset(expression, "seconds"));
        }
        if (expression.startsWith("millis")) {
            return Long.toString(nowMillis + offset(expression, "millis"));
        }
        if (expression.endsWith(".address")) {
            return connection(expression.substring(0, 1)).localAddress();
        }
        String kept = variables.get(expression);
        if (kept == null) {
            throw new IllegalArgumentException("nothing kept as " + expression);
        }
        return kept;
    }

    private static long offset(String expression, String unit) {
        String rest = expression.substring(unit.length());
        return rest.isEmpty() ? 0 : Long.parseLong(rest);
    }

    @Override
    public void close() throws IOException {
        for (RespClient client : connections.values()) {
            client.close();
        }
        connections.clear();
    }
}
