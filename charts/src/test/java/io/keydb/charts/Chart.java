package io.keydb.charts;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * One of the charts of this module: its folder, and what Helm makes of it.
 *
 * <p>Threads: immutable.
 */
record Chart(String name) {

    /** Every chart of this module. */
    static final List<Chart> ALL = List.of(new Chart("keydb-operator"), new Chart("keydb"));

    static final Chart OPERATOR = ALL.getFirst();
    static final Chart KEYDB = ALL.getLast();

    /** The folder of this Maven module, which is where tests run. */
    static final Path MODULE = Path.of("").toAbsolutePath();

    static final Path REPOSITORY = MODULE.resolve("..").normalize();

    private static final String KUBERNETES_VERSION = "1.33";
    private static final String RELEASE = "demo";
    private static final String NAMESPACE = "demo-namespace";

    Path folder() {
        return MODULE.resolve(name);
    }

    LintResult lint() {
        return helm().lint().strict().call();
    }

    /**
     * The manifests for the values of a file; Helm's complaint as an exception when it refuses
     * them.
     */
    String render(Path values) {
        return helm().template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES_VERSION)
                .withValuesFile(values)
                .call();
    }

    /** What the user reads after an installation with the values of a file. */
    String notes(Path values) {
        String output =
                helm().install()
                        .withName(RELEASE)
                        .withNamespace(NAMESPACE)
                        .withKubeVersion(KUBERNETES_VERSION)
                        .clientOnly()
                        .dryRun()
                        .withValuesFile(values)
                        .call()
                        .getOutput();
        return output.substring(output.indexOf("NOTES:"));
    }

    /** The files of values below {@code golden} or {@code refused} that belong to this chart. */
    List<Path> valuesFiles(String kind) {
        Path folder = MODULE.resolve("src/test/resources").resolve(kind).resolve(name);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(".values.yaml"))
                            .sorted()
                            .toList();
            if (found.isEmpty()) {
                throw new AssertionError("no values files in " + folder);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Helm helm() {
        assumeHelmRunsHere();
        return new Helm(folder());
    }

    /**
     * Helm is a native library; where there is none for the platform, the tests are skipped and say
     * so.
     */
    private static void assumeHelmRunsHere() {
        try {
            Helm.version().call();
        } catch (LinkageError | IllegalStateException e) {
            Assumptions.abort(
                    "Helm has no native library for "
                            + System.getProperty("os.name")
                            + " on "
                            + System.getProperty("os.arch")
                            + ": "
                            + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
