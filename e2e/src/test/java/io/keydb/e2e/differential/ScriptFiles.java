package io.keydb.e2e.differential;

import io.keydb.e2e.process.ServerBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The scripts of this project, in the order of their names. Threads: immutable. */
final class ScriptFiles {

    private ScriptFiles() {}

    /** The folder of everything that is run on both servers. */
    static Path root() {
        return ServerBinaries.projectHome().resolve("e2e/src/test/resources/differential");
    }

    static List<Script> all() throws IOException {
        Path root = root();
        Path random = root.resolve("random");
        List<Script> scripts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".txt"))
                            .filter(path -> !path.startsWith(random))
                            .sorted()
                            .toList()) {
                scripts.add(ScriptParser.parse(root, file));
            }
        }
        return scripts;
    }
}
