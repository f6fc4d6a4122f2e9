package io.keydb.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What our server declares about a command is what the stock server declares, and every declared
 * command, subcommand and option stands in some script.
 */
class CommandFactsTest {

    private static ServerPair servers;
    private static CommandFacts stock;
    private static CommandFacts ours;

    @BeforeAll
    static void readFacts() throws Exception {
        servers = ServerPair.start(List.of());
        try (RespClient stockClient = servers.stock().connect();
                RespClient ourClient = servers.ours().connect()) {
            stock = CommandFacts.of(stockClient);
            ours = CommandFacts.of(ourClient);
        }
    }

    @AfterAll
    static void stopServers() throws IOException {
        if (servers != null) {
            servers.close();
        }
    }

    @Test
    void declaredFactsAreThoseOfTheStockServer() throws IOException {
        NotCompared exceptions = NotCompared.read();
        List<String> differences = new ArrayList<>();
        for (String name : ours.names()) {
            if (!stock.names().contains(name)) {
                continue;
            }
            Map<String, String> declared = ours.of(name);
            stock.of(name)
                    .forEach(
                            (fact, expected) -> {
                                String actual = declared.getOrDefault(fact, "absent");
                                if (!expected.equals(actual)
                                        && !exceptions.coversFact(name, fact)) {
                                    differences.add(
                                            name
                                                    + " "
                                                    + fact
                                                    + "\n  stock: "
                                                    + expected
                                                    + "\n  ours:  "
                                                    + actual);
                                }
                            });
        }
        assertThat(differences).as(() -> String.join("\n", differences)).isEmpty();
    }

    @Test
    void everyDeclaredCommandAndOptionStandsInAScript() throws IOException {
        NotCompared exceptions = NotCompared.read();
        List<List<String>> used = scriptedCommands();
        Set<String> missing = new TreeSet<>();
        for (String name : declaredNames()) {
            if (exceptions.coversCommand(name)) {
                continue;
            }
            List<List<String>> uses = used.stream().filter(words -> isUseOf(name, words)).toList();
            if (uses.isEmpty()) {
                missing.add(name);
            }
            for (String token : ours.tokens(name)) {
                boolean isUsed = uses.stream().anyMatch(words -> words.contains(token));
                if (!isUsed && !token.isEmpty() && !exceptions.coversFact(name, token)) {
                    missing.add(name + " " + token);
                }
            }
        }
        assertThat(missing).as("declared, but in no script").isEmpty();
    }

    /**
     * A stock server declares far more than is compared here, so on its own it vouches only for the
     * string commands.
     */
    private static Set<String> declaredNames() {
        if (!Subject.isStock()) {
            return ours.names();
        }
        Set<String> strings = new TreeSet<>();
        for (String name : ours.names()) {
            if ("string".equals(ours.of(name).get("group"))) {
                strings.add(name);
            }
        }
        return strings;
    }

    private static List<List<String>> scriptedCommands() throws IOException {
        List<List<String>> used = new ArrayList<>();
        for (Script script : ScriptFiles.all()) {
            for (Script.Step step : script.steps()) {
                switch (step.action()) {
                    case Script.Action.Call call -> used.add(upperCase(call.words()));
                    case Script.Action.Scan scan -> used.add(upperCase(scan.words()));
                    default -> {
                        // Raw bytes do not count as a use.
                    }
                }
            }
        }
        return used;
    }

    private static boolean isUseOf(String name, List<String> words) {
        String[] parts = name.toUpperCase(Locale.ROOT).split("\\|");
        return words.size() >= parts.length
                && List.of(parts).equals(words.subList(0, parts.length));
    }

    private static List<String> upperCase(List<String> words) {
        return words.stream().map(word -> word.toUpperCase(Locale.ROOT)).toList();
    }
}
