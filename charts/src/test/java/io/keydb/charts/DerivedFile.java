package io.keydb.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A checked-in file whose text follows from something else.
 *
 * <p>Threads: none of its own.
 */
final class DerivedFile {
    private static final boolean UPDATE = Boolean.getBoolean("update.golden");

    private DerivedFile() {}

    /**
     * Fails when the file differs from what it is derived from; writes it instead with {@code
     * -Dupdate.golden=true}.
     */
    static void check(Path file, String expected) {
        try {
            if (UPDATE) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, expected);
            }
            assertThat(file)
                    .as(
                            "%s is out of date; -Dupdate.golden=true rewrites it, read the difference before you commit",
                            file)
                    .exists();
            assertThat(Files.readString(file))
                    .as(
                            "%s is out of date; -Dupdate.golden=true rewrites it, read the difference before you commit",
                            file)
                    .isEqualTo(expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
