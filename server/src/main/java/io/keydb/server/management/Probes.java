package io.keydb.server.management;

import io.keydb.server.support.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The answers to the probes of Kubernetes.
 *
 * <p><b>Live</b>: the process can answer at all; it never depends on a peer. <b>Ready</b>: no
 * subsystem has an objection to traffic.
 *
 * <p>Threads: immutable; asked by any thread.
 */
public final class Probes {
    private final List<Readiness> conditions;

    public Probes(List<Readiness> conditions) {
        this.conditions = List.copyOf(conditions);
    }

    Answer live() {
        return answer(List.of());
    }

    Answer ready() {
        return answer(conditions);
    }

    private static Answer answer(List<Readiness> conditions) {
        boolean up = true;
        List<String> checks = new ArrayList<>();
        for (Readiness condition : conditions) {
            Optional<String> objection = condition.objection();
            up &= objection.isEmpty();
            checks.add(check(condition.name(), objection));
        }
        return new Answer(
                up,
                "{\"status\":\"%s\",\"checks\":[%s]}\n"
                        .formatted(status(up), String.join(",", checks)));
    }

    private static String check(String name, Optional<String> objection) {
        String reason =
                objection
                        .map(text -> ",\"data\":{\"reason\":\"" + escaped(text) + "\"}")
                        .orElse("");
        return "{\"name\":\"%s\",\"status\":\"%s\"%s}"
                .formatted(escaped(name), status(objection.isEmpty()), reason);
    }

    private static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static String escaped(String text) {
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                json.append('\\').append(character);
            } else if (character < ' ') {
                json.append("\\u00")
                        .append(Character.forDigit(character >> 4, 16))
                        .append(Character.forDigit(character & 15, 16));
            } else {
                json.append(character);
            }
        }
        return json.toString();
    }

    /** Whether all is well, and the JSON that says so. */
    record Answer(boolean isUp, String json) {}
}
