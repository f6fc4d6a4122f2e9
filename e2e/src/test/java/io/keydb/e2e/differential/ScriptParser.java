package io.keydb.e2e.differential;

import io.keydb.e2e.differential.Script.Action;
import io.keydb.e2e.differential.Script.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads scripts. A script is a text file, one step a line:
 *
 * <pre>
 * # a comment
 * SET key "binary \x00 \r\n"         a command on connection A, reply compared byte for byte
 * B: GET key                         the same on connection B; connections open when first named
 * {@literal @}near 1000 PTTL key                a mode before the command says when replies count as equal
 * {@literal @}close QUIT                        the server closes the connection after its reply
 * $id = B: CLIENT ID                 keeps the reply, of each server its own
 * CLIENT KILL ID ${id}               and uses it
 * SET key ${x*1000}                  a thousand x; also ${seconds+10}, ${millis-5}, ${B.address}
 * {@literal @}scan SCAN 0 MATCH a*              walks the whole iteration, compares the found keys as a set
 * !send "*1\r\n$4\r\nPING\r\n"       bytes as they are
 * !read                              one reply, compared
 * !closed                            the server has closed the connection
 * !open                              a new connection under the same name
 * !await blocked_clients 2           asks INFO on this connection until the field has this value
 * sleep 20                           milliseconds
 * </pre>
 *
 * Words are separated by blanks and quoted as in {@code redis-cli}. Lines that start with a percent
 * sign stand for the whole script: {@code %server --directive value} (servers of its own), {@code
 * %plain} (connections do not say HELLO 3 in RESP3), {@code %resp 2} (this protocol only), {@code
 * %needs COMMAND} (left out when our server lacks it).
 *
 * <p>The modes are those of {@link ReplyComparison#of}.
 */
final class ScriptParser {

    private final List<Step> steps = new ArrayList<>();
    private final List<String> needs = new ArrayList<>();
    private Optional<List<String>> serverDirectives = Optional.empty();
    private List<Integer> protocols = List.of(2, 3);
    private boolean plain;

    private ScriptParser() {}

    /** Reads one file; its name is the path below the root without the extension. */
    static Script parse(Path root, Path file) throws IOException {
        String name = root.relativize(file).toString().replace(".txt", "");
        return parse(name, Files.readString(file, StandardCharsets.UTF_8));
    }

    static Script parse(String name, String content) {
        ScriptParser parser = new ScriptParser();
        int number = 0;
        for (String line : content.split("\n", -1)) {
            number++;
            String text = line.strip();
            try {
                parser.line(number, text);
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(
                        name + ":" + number + ": " + wrong.getMessage(), wrong);
            }
        }
        return new Script(
                name,
                parser.serverDirectives,
                parser.plain,
                parser.protocols,
                parser.needs,
                parser.steps);
    }

    private void line(int number, String text) {
        if (text.isEmpty() || text.startsWith("#")) {
            return;
        }
        List<String> words = new ArrayList<>(Words.split(text));
        if (text.startsWith("%")) {
            option(words.getFirst(), words.subList(1, words.size()));
            return;
        }
        String variable = "";
        if (words.size() > 2 && words.getFirst().startsWith("$") && words.get(1).equals("=")) {
            variable = words.getFirst().substring(1);
            words = words.subList(2, words.size());
        }
        String connection = "A";
        if (words.getFirst().matches("[A-Z]:")) {
            connection = words.getFirst().substring(0, 1);
            words = words.subList(1, words.size());
        }
        steps.add(new Step(number, text, connection, action(words, variable)));
    }

    private void option(String option, List<String> words) {
        switch (option) {
            case "%server" -> serverDirectives = Optional.of(List.copyOf(words));
            case "%plain" -> {
                plain = true;
                protocols = List.of(2);
            }
            case "%resp" -> protocols = List.of(Integer.parseInt(words.getFirst()));
            case "%needs" -> needs.addAll(words);
            default -> throw new IllegalArgumentException("no such option: " + option);
        }
    }

    private static Action action(List<String> line, String variable) {
        List<String> words = line;
        ReplyComparison comparison = ReplyComparison.EXACT;
        boolean closes = false;
        boolean scan = false;
        while (words.getFirst().startsWith("@")) {
            String mode = words.getFirst().substring(1);
            words = words.subList(1, words.size());
            switch (mode) {
                case "close" -> closes = true;
                case "scan" -> scan = true;
                default -> {
                    boolean parameter = ReplyComparison.takesParameter(mode);
                    comparison = ReplyComparison.of(mode, parameter ? words.getFirst() : "");
                    words = words.subList(parameter ? 1 : 0, words.size());
                }
            }
        }
        List<String> rest = List.copyOf(words);
        return switch (rest.getFirst()) {
            case "!send" -> new Action.Send(rest.get(1));
            case "!read" -> new Action.Read(comparison, closes);
            case "!closed" -> new Action.Closed();
            case "!open" -> new Action.Open();
            case "!await" -> new Action.Await(rest.get(1), rest.get(2));
            case "sleep" -> new Action.Sleep(Long.parseLong(rest.get(1)));
            default ->
                    scan
                            ? new Action.Scan(rest)
                            : new Action.Call(rest, comparison, variable, closes);
        };
    }
}
