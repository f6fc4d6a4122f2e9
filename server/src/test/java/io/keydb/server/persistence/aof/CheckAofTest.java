package io.keydb.server.persistence.aof;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.Pages;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tool says of sound and damaged files, and what it leaves of them. */
class CheckAofTest {
    private static final String SET = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n";
    private static final String MULTI = "*1\r\n$5\r\nMULTI\r\n";
    private static final String EXEC = "*1\r\n$4\r\nEXEC\r\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private Path directory;

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    private int run(String answer, String... arguments) throws IOException {
        told.reset();
        PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
        return new CheckAof(out, new BufferedReader(new StringReader(answer)), new Pages())
                .run(List.of(arguments));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private Path manifest(String base, String increment) throws IOException {
        file("f.1.base.aof", base);
        file("f.1.incr.aof", increment);
        return file(
                "f.manifest", "file f.1.base.aof seq 1 type b\nfile f.1.incr.aof seq 1 type i\n");
    }

    @Test
    void soundFilesAreValid() throws IOException {
        String manifest = manifest(SET, "#TS:5\r\n" + SET + MULTI + SET + EXEC).toString();
        assertThat(run("", manifest)).isZero();
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("BASE AOF f.1.base.aof is valid", "INCR AOF f.1.incr.aof is valid")
                .endsWith("All AOF files and manifest are valid\n");
    }

    @Test
    void aTornEndIsCutWhenAsked() throws IOException {
        String manifest = manifest(SET, SET + "*3\r\n$3\r\nSE").toString();
        assertThat(run("", manifest)).isEqualTo(1);
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("Unexpected end of file", "Use the --fix option");
        assertThat(run("n\n", "--fix", manifest)).isEqualTo(1);
        assertThat(run("y\n", "--fix", manifest)).isZero();
        assertThat(Files.readString(directory.resolve("f.1.incr.aof"))).isEqualTo(SET);
    }

    @Test
    void aTransactionWithoutItsEndIsCutAsAWhole() throws IOException {
        String file = file("f.aof", SET + MULTI + SET).toString();
        assertThat(run("y\n", "--fix", file)).isZero();
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("before reading EXEC for MULTI");
        assertThat(Files.readString(Path.of(file))).isEqualTo(SET);
    }

    @Test
    void onlyTheLastFileIsCut() throws IOException {
        String manifest = manifest(SET + "*1\r\n", SET).toString();
        assertThat(run("y\n", "--fix", manifest)).isEqualTo(1);
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("because it is not the last file");
    }

    @Test
    void whatIsYoungerThanAMomentIsCut() throws IOException {
        String old = "#TS:5\r\n" + SET;
        String manifest = manifest(SET, old + "#TS:9\r\n" + SET).toString();
        assertThat(run("", "--truncate-to-timestamp", "7", manifest)).isZero();
        assertThat(Files.readString(directory.resolve("f.1.incr.aof"))).isEqualTo(old);
        assertThat(run("", "--truncate-to-timestamp", "x", manifest)).isEqualTo(1);
    }

    @Test
    void itSaysHowItIsUsed() throws IOException {
        assertThat(run("")).isEqualTo(1);
        assertThat(told.toString(StandardCharsets.UTF_8)).startsWith("Usage: ");
    }
}
