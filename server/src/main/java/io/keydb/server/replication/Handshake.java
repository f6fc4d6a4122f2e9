package io.keydb.server.replication;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The opening of a link: one request after the other, each answered by one line.
 *
 * <pre>
 *   PING                              any reply but an error that says no
 *   AUTH [user] password              when a password is configured
 *   REPLCONF listening-port port      errors to REPLCONF do not matter
 *   REPLCONF ip-address address       when one is announced
 *   REPLCONF capa eof capa psync2 [capa keydb-active]
 *   REPLCONF keydb-node node:run      active nodes only; the answer is the other's
 *   REPLCONF keydb-vector vector      active nodes only
 *   PSYNC replication-id offset       the answer decides how it goes on
 * </pre>
 *
 * <p>Threads: confined to the link's event loop.
 */
final class Handshake {
    /** The word by which active nodes know each other. */
    static final String ACTIVE_CAPABILITY = "keydb-active";

    static final String NODE_WORD = "keydb-node";
    static final String VECTOR_WORD = "keydb-vector";
    static final String ACK_WORD = "keydb-ack";

    /** The answer to PSYNC that begins the stream of frames. */
    static final String STREAM_REPLY = "+KEYDBSTREAM";

    private record Step(String name, List<String> words) {}

    private final Deque<Step> steps = new ArrayDeque<>();
    private final boolean isActive;
    private String peerName = "";

    /** What this node says of itself. */
    record Introduction(String node, String vector) {}

    private Handshake(boolean isActive) {
        this.isActive = isActive;
    }

    /** The opening of a plain replica. */
    static Handshake plain(LinkSettings settings, String replicationId, long offset) {
        Handshake handshake = new Handshake(false);
        handshake.addCommon(settings);
        handshake.add("capa", "REPLCONF", "capa", "eof", "capa", "psync2");
        handshake.add("psync", "PSYNC", replicationId, Long.toString(offset));
        return handshake;
    }

    /** The opening between active nodes. */
    static Handshake active(LinkSettings settings, Introduction introduction) {
        Handshake handshake = new Handshake(true);
        handshake.addCommon(settings);
        handshake.add(
                "capa", "REPLCONF", "capa", "eof", "capa", "psync2", "capa", ACTIVE_CAPABILITY);
        handshake.add("node", "REPLCONF", NODE_WORD, introduction.node());
        handshake.add("vector", "REPLCONF", VECTOR_WORD, introduction.vector());
        handshake.add("psync", "PSYNC", "?", "-1");
        return handshake;
    }

    private void addCommon(LinkSettings settings) {
        add("ping", "PING");
        if (!settings.password().isEmpty()) {
            if (settings.user().isEmpty()) {
                add("auth", "AUTH", settings.password());
            } else {
                add("auth", "AUTH", settings.user(), settings.password());
            }
        }
        add("port", "REPLCONF", "listening-port", Long.toString(settings.listeningPort()));
        if (!settings.announcedAddress().isEmpty()) {
            add("address", "REPLCONF", "ip-address", settings.announcedAddress());
        }
    }

    private void add(String name, String... words) {
        steps.add(new Step(name, List.of(words)));
    }

    /** The request to send now. */
    byte[] request() {
        return encode(steps.getFirst().words());
    }

    /** Whether the request sent now is PSYNC, whose answer is not for the handshake. */
    boolean isAtPsync() {
        return steps.getFirst().name().equals("psync");
    }

    /** The other node, as it has introduced itself. */
    String peerName() {
        return peerName;
    }

    /**
     * Takes the answer to the request and goes on to the next one.
     *
     * @return why the link cannot be made; empty when it goes on
     */
    Optional<String> answered(String line) {
        Step step = steps.removeFirst();
        boolean isError = line.startsWith("-");
        return switch (step.name()) {
            case "ping" ->
                    isError
                                    && !line.startsWith("-NOAUTH")
                                    && !line.startsWith("-NOPERM")
                                    && !line.startsWith("-ERR operation not permitted")
                            ? Optional.of("it answered PING with: " + line.substring(1))
                            : Optional.empty();
            case "auth" ->
                    isError
                            ? Optional.of("Unable to AUTH to MASTER: " + line.substring(1))
                            : Optional.empty();
            case "capa" ->
                    isActive && !line.contains(ACTIVE_CAPABILITY)
                            ? Optional.of(
                                    isError
                                            ? "it answered: " + line.substring(1)
                                            : "it is not an active node; active nodes link only"
                                                    + " with each other")
                            : Optional.empty();
            case "node" -> introduced(line, isError);
            case "vector" ->
                    isError
                            ? Optional.of("it refused our vector: " + line.substring(1))
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<String> introduced(String line, boolean isError) {
        if (isError) {
            return Optional.of("it refused us: " + line.substring(1));
        }
        peerName = line.substring(1);
        return Optional.empty();
    }

    /** A request in RESP. */
    static byte[] encode(List<String> words) {
        StringBuilder text = new StringBuilder();
        text.append('*').append(words.size()).append("\r\n");
        for (String word : words) {
            int length = word.getBytes(StandardCharsets.UTF_8).length;
            text.append('$').append(length).append("\r\n").append(word).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
