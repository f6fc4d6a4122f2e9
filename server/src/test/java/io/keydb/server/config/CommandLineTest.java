package io.keydb.server.config;

import static io.keydb.server.config.Directive.directive;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of a server is read as that of {@code redis-server}. */
class CommandLineTest {
    private static final Directives DIRECTIVES =
            Directives.of(List.of(directive("port").integer(6379, 0, 65535).doc("Port.")));

    private final Path folder;

    CommandLineTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void noArgumentsMeanDefaults() throws Exception {
        CommandLine line = CommandLine.parse(List.of());
        assertThat(line.request()).isEqualTo(CommandLine.Request.SERVE);
        assertThat(lines(line, "")).isEmpty();
    }

    @Test
    void directivesTakeTheWordsUpToTheNextOption() throws Exception {
        assertThat(words("--bind", "a", "b", "--port", "7000"))
                .containsExactly(List.of("bind", "a", "b"), List.of("port", "7000"));
    }

    @Test
    void theFirstValueMayLookLikeAnOption() throws Exception {
        assertThat(words("--requirepass", "--secret", "--port", "1"))
                .containsExactly(List.of("requirepass", "--secret"), List.of("port", "1"));
    }

    @Test
    void nameAndValueMayBeOneArgument() throws Exception {
        assertThat(words("--port 7000", "--bind a b", "--dir", "a b"))
                .containsExactly(
                        List.of("port", "7000"), List.of("bind", "a", "b"), List.of("dir", "a b"));
    }

    @Test
    void linesOfTheCommandLineComeAfterThoseOfTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("a.conf"), "port 1\n");
        CommandLine line = CommandLine.parse(List.of(file.toString(), "--port", "2"));
        assertThat(lines(line, ""))
                .extracting(each -> each.arguments().getFirst())
                .containsExactly("1", "2");
    }

    @Test
    void aHyphenInFrontOrAtTheEndReadsTheStandardInput() throws Exception {
        Path file = Files.writeString(folder.resolve("a.conf"), "port 1\n");
        for (List<String> arguments :
                List.of(
                        List.of(file.toString(), "--port", "3", "-"),
                        List.of("-", "--port", "3"))) {
            CommandLine line = CommandLine.parse(arguments);
            assertThat(line.readsInput()).isTrue();
            assertThat(lines(line, "port 2\n"))
                    .extracting(each -> each.arguments().getFirst())
                    .endsWith("2", "3");
        }
        assertThat(words("--requirepass", "-", "--port", "1"))
                .containsExactly(List.of("requirepass", "-"), List.of("port", "1"));
    }

    @Test
    void saveWithoutAValueStandsForAnEmptyOne() throws Exception {
        assertThat(words("--save", "--port", "1", "--save"))
                .containsExactly(List.of("save", ""), List.of("port", "1"), List.of("save", ""));
        assertThat(words("--save", "", "--save", "60", "1"))
                .containsExactly(List.of("save", ""), List.of("save", "60", "1"));
    }

    @Test
    void linesAreToldAndCountedAsInStock() throws Exception {
        CommandLine alone = CommandLine.parse(List.of("--port", "a b", "--bind x", "y"));
        assertThat(lines(alone, ""))
                .extracting(each -> each.number() + " " + each.text())
                .containsExactly("2 port \"a b\"", "3 bind x \"y\"");
        Path file = Files.writeString(folder.resolve("a.conf"), "port 1\n#\n");
        CommandLine behind = CommandLine.parse(List.of(file.toString(), "--port", "2"));
        assertThat(lines(behind, "").getLast().number()).isEqualTo(4);
    }

    @Test
    void variablesCountMoreThanTheFileAndLessThanTheCommandLine() throws Exception {
        Path file = Files.writeString(folder.resolve("a.conf"), "port 1\n");
        CommandLine line = CommandLine.parse(List.of(file.toString(), "--port", "3"));
        List<ConfigLine> all =
                line.allLines(
                        InputStream.nullInputStream(),
                        Map.of("KEYDB_CONFIG_PORT", "2", "KEYDB_PORT", "tcp://10.0.0.1:6379"),
                        DIRECTIVES);
        assertThat(all)
                .extracting(each -> each.arguments().getFirst())
                .containsExactly("1", "2", "3");
    }

    @Test
    void versionAndHelpAreRequests() throws Exception {
        assertThat(CommandLine.parse(List.of("--version")).request())
                .isEqualTo(CommandLine.Request.VERSION);
        assertThat(CommandLine.parse(List.of("-h")).request()).isEqualTo(CommandLine.Request.HELP);
    }

    private static List<ConfigLine> lines(CommandLine line, String input)
            throws ConfigFileException {
        return line.allLines(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                Map.of(),
                DIRECTIVES);
    }

    private static List<List<String>> words(String... arguments) throws ConfigFileException {
        return CommandLine.parse(List.of(arguments)).optionLines().stream()
                .map(ConfigLine::words)
                .toList();
    }
}
