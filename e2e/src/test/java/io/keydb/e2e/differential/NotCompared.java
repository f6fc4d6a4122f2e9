package io.keydb.e2e.differential;

import io.keydb.e2e.process.ServerBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is left out of the comparison, each line of {@code differential/not-compared.list} with its
 * reason: {@code name * reason} for a whole command, {@code name fact reason} for one fact or
 * option of it.
 *
 * <p>Threads: immutable.
 */
final class NotCompared {

    private final Set<String> entries = new TreeSet<>();

    static NotCompared read() throws IOException {
        NotCompared read = new NotCompared();
        List<String> lines =
                Files.readAllLines(
                        ServerBinaries.projectHome()
                                .resolve("e2e/src/test/resources/differential/not-compared.list"));
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+", 3);
            if (words.length < 3) {
                throw new IOException("no reason given: " + line);
            }
            read.entries.add((words[0] + " " + words[1]).toLowerCase(Locale.ROOT));
        }
        return read;
    }

    boolean coversCommand(String name) {
        return entries.contains(name + " *");
    }

    boolean coversFact(String name, String fact) {
        return entries.contains((name + " " + fact).toLowerCase(Locale.ROOT));
    }
}
