package io.keydb.e2e.controlplane.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Directory trees.
 *
 * <p>Threads: stateless.
 */
public final class Directories {

    private Directories() {}

    /** Deletes a directory with all it holds; what a process still writes meanwhile may stay. */
    public static void delete(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException _) {
            // Gone already.
        } catch (IOException _) {
            // A file appeared or vanished while the tree was walked; the state directory is emptied
            // at the next start.
        }
    }
}
