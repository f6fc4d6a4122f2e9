package io.keydb.server.config;

import io.keydb.server.support.GlobPattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The files a path with {@code * ? [...]} in any of its parts stands for, as the shell finds them:
 * a name that begins with a dot is matched only by a dot.
 *
 * <p>Threads: immutable.
 */
final class PathPattern {
    private PathPattern() {}

    static boolean isPattern(String path) {
        return path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || path.indexOf('[') >= 0;
    }

    /** All there are, in the order of their names; folders that cannot be read hold none. */
    static List<Path> matches(String pattern) {
        Path absolute = Path.of(pattern).toAbsolutePath().normalize();
        List<Path> found = List.of(absolute.getRoot());
        for (Path part : absolute) {
            List<Path> next = new ArrayList<>();
            for (Path folder : found) {
                next.addAll(matches(folder, part.toString()));
            }
            found = next;
        }
        return found;
    }

    private static List<Path> matches(Path folder, String part) {
        if (!isPattern(part)) {
            Path file = folder.resolve(part);
            return Files.exists(file) ? List.of(file) : List.of();
        }
        GlobPattern pattern = GlobPattern.compile(bytes(part.replace("[!", "[^")));
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (pattern.matches(bytes(name))
                        && (name.charAt(0) != '.' || part.charAt(0) == '.')) {
                    found.add(file);
                }
            }
        } catch (IOException unreadable) {
            return List.of();
        }
        Collections.sort(found);
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
