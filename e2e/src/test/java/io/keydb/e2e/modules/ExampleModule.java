package io.keydb.e2e.modules;

import io.keydb.e2e.process.ServerBinaries;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Builds the example module as its README says: {@code javac} against the jar of the module API,
 * then {@code jar}.
 */
final class ExampleModule {
    private static final Path HOME = ServerBinaries.projectHome();
    private static final Path SOURCES = HOME.resolve("examples/bloom-filter/src/main");

    private ExampleModule() {}

    /** The jar of the example, made in a folder. */
    static Path build(Path folder) throws IOException {
        Path classes = folder.resolve("classes");
        List<String> words =
                new ArrayList<>(List.of("-cp", api().toString(), "-d", classes.toString()));
        words.addAll(files(SOURCES.resolve("java")));
        run("javac", words);
        Path jar = folder.resolve("bloom-filter.jar");
        run(
                "jar",
                List.of(
                        "--create",
                        "--file",
                        jar.toString(),
                        "-C",
                        classes.toString(),
                        ".",
                        "-C",
                        SOURCES.resolve("resources").toString(),
                        "."));
        return jar;
    }

    private static Path api() throws IOException {
        try (Stream<Path> built = Files.list(HOME.resolve("server/target"))) {
            return built.filter(file -> file.toString().endsWith("-module-api.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the module API is not packaged"));
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toString).filter(name -> name.endsWith(".java")).toList();
        }
    }

    private static void run(String tool, List<String> words) throws IOException {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        int code =
                ToolProvider.findFirst(tool)
                        .orElseThrow()
                        .run(out, out, words.toArray(String[]::new));
        if (code != 0) {
            throw new IOException(tool + " failed: " + text);
        }
    }
}
