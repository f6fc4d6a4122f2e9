package io.keydb.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.config.CommandLine;
import io.keydb.server.config.Configuration;
import io.keydb.server.config.Directive;
import io.keydb.server.config.Directives;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that sets every directive to its default is read, and changes nothing. */
class DefaultsTest {
    private final Directives directives = ServerDirectives.all();

    @Test
    void everyDirectiveTakesItsDefault(@TempDir Path folder) throws Exception {
        Configuration untouched = new Configuration(directives);
        StringBuilder text = new StringBuilder();
        for (Directive<?> directive : directives.all()) {
            if (!directive.isFileOnly()) {
                line(text, directive);
            }
        }
        Path file = Files.writeString(folder.resolve("all.conf"), text);
        Configuration read = new Configuration(directives);
        read.load(
                CommandLine.parse(List.of(file.toString()))
                        .allLines(InputStream.nullInputStream(), Map.of(), directives));
        for (Directive<?> directive : directives.all()) {
            assertThat(read.text(directive))
                    .as(directive.name())
                    .isEqualTo(untouched.text(directive));
        }
    }

    private static <T> void line(StringBuilder text, Directive<T> directive) {
        for (String value : directive.type().lines(directive.defaultValue())) {
            text.append(directive.name()).append(' ').append(value).append('\n');
        }
    }
}
