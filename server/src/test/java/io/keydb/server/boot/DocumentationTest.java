package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.Command;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.CommandTable;
import io.keydb.server.config.Directive;
import io.keydb.server.support.Statistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The generated pages of {@code docs} say what the code declares. {@code -Dupdate.docs} writes them
 * anew.
 */
class DocumentationTest {
    private static final Path DOCS =
            Path.of(System.getProperty("keydb.home", "..")).resolve("docs");
    private static final String GENERATED =
            "<!-- Generated from the declarations: ./mvnw -pl server test -Dtest=DocumentationTest"
                    + " -Dupdate.docs -->\n\n";

    @Test
    void configurationIsUpToDate() throws IOException {
        StringBuilder page = new StringBuilder(GENERATED);
        page.append(
                """
                # Directives

                Set in the file, on the command line (`--directive value`), or, where the column says yes, with `CONFIG SET`.
                Memory takes units: `k m g` are powers of 1000, `kb mb gb` powers of 1024.

                An environment variable sets a directive too: `KEYDB_CONFIG_MAXMEMORY_POLICY=allkeys-lru` sets `maxmemory-policy`. Its value is
                taken as it is, without quotes; each of its lines counts as a line of the file. `KEYDB_CONFIG_REQUIREPASS_FILE=/run/secrets/password`
                takes the value from a file. The environment counts more than the file, and the command line more than both.

                A directive *without effect* is one that Redis, Valkey or KeyDB knows: it is taken, checked and shown, so that their files start this
                server, and its line says why it changes nothing here.

                | directive | value | CONFIG SET | default | meaning |
                |---|---|---|---|---|
                """);
        List<Directive<?>> directives = new ArrayList<>(ServerDirectives.all().all());
        directives.sort(Comparator.comparing(Directive::name));
        directives.forEach(directive -> page.append(row(directive)));
        compare("configuration.md", page.toString());
    }

    private static <T> String row(Directive<T> directive) {
        String names = "`" + directive.name() + "`";
        for (String alias : directive.aliases()) {
            names += ", `" + alias + "`";
        }
        String value = directive.type().print(directive.defaultValue());
        return "| %s | %s | %s | %s | %s |\n"
                .formatted(
                        names,
                        directive.type().syntax().replace("|", "\\|"),
                        changeable(directive),
                        value.isEmpty() ? "" : "`" + value + "`",
                        (directive.hasEffect() ? "" : "*Without effect:* ") + directive.doc());
    }

    private static String changeable(Directive<?> directive) {
        if (directive.isFileOnly()) {
            return "not there";
        }
        if (directive.isProtected()) {
            return "protected";
        }
        return directive.isMutable() ? "yes" : "no";
    }

    @Test
    void commandsAreUpToDate() throws Exception {
        StringBuilder page = new StringBuilder(GENERATED);
        try (Server server = TestServers.start()) {
            CommandTable table = server.commands();
            page.append("# Commands\n\n")
                    .append(table.commands().size())
                    .append(" commands, ")
                    .append(table.all().size() - table.commands().size())
                    .append(" subcommands.\n");
            Map<String, List<Command>> groups = new TreeMap<>();
            for (Command command : table.all()) {
                groups.computeIfAbsent(command.group().wireName(), name -> new ArrayList<>())
                        .add(command);
            }
            groups.forEach((group, commands) -> page.append(section(group, commands)));
        }
        compare("commands.md", page.toString());
    }

    private static String section(String group, List<Command> commands) {
        commands.sort(Comparator.comparing(Command::name));
        return "\n## %s\n\n| command | since | flags | complexity | what it does |\n|---|---|---|---|---|\n"
                        .formatted(capitalized(group))
                + commands.stream().map(DocumentationTest::row).collect(Collectors.joining());
    }

    private static String row(Command command) {
        String flags =
                command.flags().stream()
                        .map(CommandFlag::wireName)
                        .collect(Collectors.joining(", "));
        String call = command.name().replace('|', ' ') + " " + command.syntax();
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        call.strip().replace("|", "\\|"),
                        command.since(),
                        flags,
                        command.complexity(),
                        command.summary());
    }

    @Test
    void metricsAreUpToDate() throws IOException {
        StringBuilder page = new StringBuilder(GENERATED);
        page.append(
                """
                # Numbers a server tells about itself

                `INFO` shows the fields; `GET /metrics` on `management-port` shows the metrics in the text format of Prometheus, with the names
                that exporters use where there is one. Counters grow until the process ends or `CONFIG RESETSTAT`.
                """);
        Declarations.statistics()
                .forEach(
                        (owner, statistics) ->
                                page.append(table(owner.replace("Section", ""), statistics)));
        compare("metrics.md", page.toString());
    }

    private static String table(String title, List<Statistic> statistics) {
        return "\n## %s\n\n| metric | field of INFO | kind | meaning |\n|---|---|---|---|\n"
                        .formatted(title)
                + statistics.stream().map(DocumentationTest::row).collect(Collectors.joining());
    }

    private static String row(Statistic statistic) {
        return "| %s | %s | %s | %s |\n"
                .formatted(
                        code(statistic.metric()),
                        code(statistic.field()),
                        statistic.kind().name().toLowerCase(Locale.ROOT),
                        statistic.sentence());
    }

    private static String code(String name) {
        return name.isEmpty() ? "" : "`" + name + "`";
    }

    private static String capitalized(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static void compare(String name, String wanted) throws IOException {
        Path file = DOCS.resolve(name);
        if (System.getProperty("update.docs") != null) {
            Files.createDirectories(DOCS);
            Files.writeString(file, wanted);
        }
        assertThat(file).as("run with -Dupdate.docs to write it anew").exists();
        assertThat(Files.readString(file))
                .as("docs/%s; run with -Dupdate.docs to write it anew", name)
                .isEqualTo(wanted);
    }
}
