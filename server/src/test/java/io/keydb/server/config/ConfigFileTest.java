package io.keydb.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.support.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration files are read as Redis reads them, and errors name file and line. */
class ConfigFileTest {
    private final Path folder;

    ConfigFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void commentsAndEmptyLinesAreSkipped() throws Exception {
        Path file = write("a.conf", "# comment\n\n  \t port 7000 \r\n#port 1\nBIND a b\n");
        List<ConfigLine> lines = read(file);
        assertThat(lines).extracting(ConfigLine::number).containsExactly(3, 5);
        assertThat(lines).extracting(ConfigLine::name).containsExactly("port", "bind");
        assertThat(lines.get(1).arguments()).containsExactly("a", "b");
    }

    @Test
    void quotesAndEscapesAreUnderstood() throws Exception {
        Path file = write("a.conf", "x \"a b\\x41\\n\\\"\" 'it\\'s \\n' \"\"\n");
        assertThat(read(file).getFirst().arguments()).containsExactly("a bA\n\"", "it's \\n", "");
    }

    @Test
    void unbalancedQuotesNameFileAndLine() throws Exception {
        for (String bad : List.of("port \"70", "port '70", "port \"70\"0", "port \"70\\")) {
            Path file = write("a.conf", "# first\n" + bad + "\n");
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(ConfigFileException.class)
                    .hasMessage(
                            """

                            *** FATAL CONFIG FILE ERROR (Redis %s) ***
                            Reading the configuration file, at line 2
                            >>> '%s'
                            Unbalanced quotes in configuration line\
                            """
                                    .formatted(Version.REDIS, bad));
        }
    }

    @Test
    void includedLinesStandInPlaceOfTheInclude() throws Exception {
        Path inner = write("inner.conf", "port 2\n");
        Path file = write("a.conf", "port 1\ninclude " + inner + "\nport 3\n");
        assertThat(read(file))
                .extracting(line -> line.place() + ":" + line.arguments().getFirst())
                .containsExactly(":1", inner + ":2", ":3");
    }

    @Test
    void includeTakesAPatternInOrderOfNames() throws Exception {
        write("b.part", "port 2\n");
        write("a.part", "port 1\n");
        Path file = write("a.conf", "include " + folder + "/*.part\ninclude /none/*.conf\n");
        assertThat(read(file))
                .extracting(line -> line.arguments().getFirst())
                .containsExactly("1", "2");
    }

    @Test
    void everyPartOfAPathMayBeAPattern() throws Exception {
        Files.createDirectories(folder.resolve("two/conf.d"));
        Files.createDirectories(folder.resolve("one/conf.d"));
        write("two/conf.d/x.conf", "port 2\n");
        write("one/conf.d/x.conf", "port 1\n");
        write("one/conf.d/.hidden.conf", "port 3\n");
        Path file = write("a.conf", "include " + folder + "/[a-z]*/conf.?/*.conf\n");
        assertThat(read(file))
                .extracting(line -> line.arguments().getFirst())
                .containsExactly("1", "2");
    }

    @Test
    void anErrorOfAnIncludedFileNamesIt() throws Exception {
        Path inner = write("inner.conf", "\nport 'x\n");
        Path file = write("a.conf", "include " + inner + "\n");
        assertThatThrownBy(() -> read(file))
                .hasMessageContaining("Reading the configuration file, at line 2 of " + inner);
    }

    @Test
    void aFileThatIncludesItselfIsRefused() throws Exception {
        Path file = write("a.conf", "include " + folder.resolve("a.conf") + "\n");
        assertThatThrownBy(() -> read(file)).hasMessageContaining("includes itself");
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("none.conf");
        assertThatThrownBy(() -> read(missing))
                .hasMessage(
                        "Fatal error, can't open config file '"
                                + missing
                                + "': No such file or directory");
    }

    private static List<ConfigLine> read(Path file) throws ConfigFileException {
        ConfigFile reader = new ConfigFile();
        reader.readFile(file);
        return reader.lines();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
