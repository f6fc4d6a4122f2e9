package io.keydb.e2e.differential;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a server says about its own commands: the facts of COMMAND INFO and COMMAND DOCS without the
 * prose, by the full name of the command ({@code client|list}).
 *
 * <p>Threads: immutable once read.
 */
final class CommandFacts {

    private static final int INFO_TIPS = 7;
    private static final int INFO_KEY_SPECS = 8;
    private static final int INFO_SUBCOMMANDS = 9;
    private static final String[] INFO_NAMES = {
        "name", "arity", "flags", "first-key", "last-key", "step", "categories"
    };

    private final Map<String, Map<String, String>> facts = new TreeMap<>();
    private final Map<String, Set<String>> tokens = new TreeMap<>();

    /** Asks a server for all it declares. */
    static CommandFacts of(RespClient client) throws IOException {
        CommandFacts read = new CommandFacts();
        for (RespReply info : client.call("COMMAND").children()) {
            read.info(info);
        }
        RespReply docs = client.call("COMMAND", "DOCS");
        for (int i = 0; i + 1 < docs.children().size(); i += 2) {
            read.docs(docs.children().get(i).text(), docs.children().get(i + 1));
        }
        return read;
    }

    /** Full names of all commands and subcommands. */
    Set<String> names() {
        return facts.keySet();
    }

    /** The facts of one command by their names. */
    Map<String, String> of(String name) {
        return facts.getOrDefault(name, Map.of());
    }

    /**
     * The literal words among the arguments of one command, such as {@code EX} and {@code NX} of
     * SET.
     */
    Set<String> tokens(String name) {
        return tokens.getOrDefault(name, Set.of());
    }

    private void info(RespReply info) {
        List<RespReply> fields = info.children();
        Map<String, String> found = facts(fields.getFirst().text());
        for (int i = 1; i < INFO_NAMES.length; i++) {
            found.put(INFO_NAMES[i], canonical(fields.get(i)));
        }
        found.put("tips", canonical(fields.get(INFO_TIPS)));
        found.put("key-specs", canonical(fields.get(INFO_KEY_SPECS)));
        fields.get(INFO_SUBCOMMANDS).children().forEach(this::info);
    }

    private void docs(String name, RespReply docs) {
        Map<String, String> found = facts(name);
        for (int i = 0; i + 1 < docs.children().size(); i += 2) {
            RespReply value = docs.children().get(i + 1);
            switch (docs.children().get(i).text()) {
                case "since", "group", "deprecated_since", "replaced_by", "doc_flags" ->
                        found.put(docs.children().get(i).text(), canonical(value));
                case "arguments" ->
                        collectTokens(value, tokens.computeIfAbsent(name, _ -> new TreeSet<>()));
                case "subcommands" -> {
                    for (int j = 0; j + 1 < value.children().size(); j += 2) {
                        docs(value.children().get(j).text(), value.children().get(j + 1));
                    }
                }
                default -> {
                    // Summary, complexity and history are prose.
                }
            }
        }
        found.put("tokens", tokens(name).toString());
    }

    private Map<String, String> facts(String name) {
        return facts.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new LinkedHashMap<>());
    }

    private static void collectTokens(RespReply node, Set<String> into) {
        List<RespReply> children = node.children();
        for (int i = 0; i < children.size(); i++) {
            RespReply child = children.get(i);
            if (child.isAggregate()) {
                collectTokens(child, into);
            } else if (child.text().equals("token") && i + 1 < children.size() && i % 2 == 0) {
                into.add(children.get(i + 1).text().toUpperCase(Locale.ROOT));
            }
        }
    }

    /** A reply as text in which sets are in alphabetical order and notes are left out. */
    private static String canonical(RespReply reply) {
        if (!reply.isAggregate()) {
            return reply.isNull() ? "nil" : reply.text();
        }
        List<String> elements = new ArrayList<>();
        List<RespReply> children = reply.children();
        boolean isSet =
                !children.isEmpty() && children.stream().allMatch(child -> child.type() == '+');
        for (int i = 0; i < children.size(); i++) {
            if (children.get(i).text().equals("notes")) {
                i++;
            } else {
                elements.add(canonical(children.get(i)));
            }
        }
        return isSet ? new TreeSet<>(elements).toString() : elements.toString();
    }
}
