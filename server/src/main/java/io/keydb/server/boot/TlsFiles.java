package io.keydb.server.boot;

import io.keydb.server.net.tls.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which files the names in the settings of TLS led to at a moment. Links are followed, so it shows
 * when one is pointed elsewhere, as Kubernetes does with secrets.
 *
 * <p>Threads: immutable.
 */
record TlsFiles(List<State> states) {

    /**
     * Of one file or folder.
     *
     * @param identity what the file system tells it from others by; null when there is none
     */
    record State(String name, @Nullable Object identity, @Nullable FileTime modified, long size) {}

    static TlsFiles of(TlsSettings settings) {
        return new TlsFiles(
                Stream.of(
                                settings.own().certificateFile(),
                                settings.own().keyFile(),
                                settings.client().certificateFile(),
                                settings.client().keyFile(),
                                settings.authorityFile(),
                                settings.authorityFolder(),
                                settings.parametersFile())
                        .filter(name -> !name.isEmpty())
                        .map(TlsFiles::state)
                        .toList());
    }

    private static State state(String name) {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(Path.of(name), BasicFileAttributes.class);
            return new State(
                    name,
                    Objects.toString(found.fileKey(), null),
                    found.lastModifiedTime(),
                    found.size());
        } catch (IOException absent) {
            return new State(name, null, null, -1);
        }
    }
}
