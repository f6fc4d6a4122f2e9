package io.keydb.server.config;

import static io.keydb.server.config.Directive.directive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Environment variables set directives, as containers like to be configured. */
class EnvironmentTest {
    private static final Directives DIRECTIVES =
            Directives.of(
                    List.of(
                            directive("bind").words(4, "*").doc("Bind."),
                            directive("secret-word").text("").sensitive().doc("Secret."),
                            directive("cpu_list").text("").doc("Processors."),
                            directive("cert-file").text("").doc("Certificate.")));

    @Test
    void aVariableSetsTheDirectiveOfItsName() throws Exception {
        assertThat(words(Map.of("KEYDB_CONFIG_SECRET_WORD", "a \"b", "PATH", "/bin")))
                .containsExactly(List.of("secret-word", "a \"b"));
        assertThat(words(Map.of("KEYDB_CONFIG_CPU_LIST", "1-3")))
                .containsExactly(List.of("cpu_list", "1-3"));
        assertThat(words(Map.of("KEYDB_CONFIG_SECRET_WORD", "")))
                .containsExactly(List.of("secret-word", ""));
    }

    @Test
    void severalWordsAndLinesAreTakenApart() throws Exception {
        assertThat(words(Map.of("KEYDB_CONFIG_BIND", " a  b\nc")))
                .containsExactly(List.of("bind", "a", "b"), List.of("bind", "c"));
    }

    @Test
    void aFileMayHoldTheValue(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "hush\n");
        assertThat(words(Map.of("KEYDB_CONFIG_SECRET_WORD_FILE", file.toString())))
                .containsExactly(List.of("secret-word", "hush"));
        assertThat(words(Map.of("KEYDB_CONFIG_CERT_FILE", "/a.pem")))
                .containsExactly(List.of("cert-file", "/a.pem"));
        assertThatThrownBy(() -> words(Map.of("KEYDB_CONFIG_SECRET_WORD_FILE", "/none")))
                .hasMessageContaining("variable KEYDB_CONFIG_SECRET_WORD_FILE")
                .hasMessageEndingWith("No such file or directory");
    }

    @Test
    void aWrongNameIsRefused() {
        assertThatThrownBy(() -> words(Map.of("KEYDB_CONFIG_BINT", "x")))
                .hasMessageContaining("Reading the environment, variable KEYDB_CONFIG_BINT")
                .hasMessageEndingWith("There is no such directive");
    }

    private static List<List<String>> words(Map<String, String> variables)
            throws ConfigFileException {
        return Environment.lines(variables, DIRECTIVES).stream().map(ConfigLine::words).toList();
    }
}
