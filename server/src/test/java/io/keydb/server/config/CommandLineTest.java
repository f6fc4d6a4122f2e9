package io.keydb.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of a server is read as that of {@code redis-server}. */
class CommandLineTest {
    private final Path folder;

    CommandLineTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void noArgumentsMeanDefaults() throws Exception {
        CommandLine line = CommandLine.parse(List.of());
        assertThat(line.request()).isEqualTo(CommandLine.Request.SERVE);
        assertThat(line.allLines()).isEmpty();
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
        assertThat(line.allLines())
                .extracting(each -> each.arguments().getFirst())
                .containsExactly("1", "2");
    }

    @Test
    void versionAndHelpAreRequests() throws Exception {
        assertThat(CommandLine.parse(List.of("--version")).request())
                .isEqualTo(CommandLine.Request.VERSION);
        assertThat(CommandLine.parse(List.of("-h")).request()).isEqualTo(CommandLine.Request.HELP);
    }

    private static List<List<String>> words(String... arguments) throws ConfigFileException {
        return CommandLine.parse(List.of(arguments)).lines().stream()
                .map(ConfigLine::words)
                .toList();
    }
}
