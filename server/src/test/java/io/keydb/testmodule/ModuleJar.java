package io.keydb.testmodule;

import io.keydb.module.ServerModule;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Puts the module of the tests into a jar. */
public final class ModuleJar {
    private ModuleJar() {}

    /** The jar of {@link TestModule}. */
    public static Path write(Path jar) throws IOException {
        return write(jar, List.of(TestModule.class.getName()));
    }

    /** The same classes, but with this as its services. */
    public static Path write(Path jar, List<String> services) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
                Stream<Path> classes = Files.list(folder())) {
            for (Path file : classes.toList()) {
                out.putNextEntry(new ZipEntry("io/keydb/testmodule/" + file.getFileName()));
                try (InputStream in = Files.newInputStream(file)) {
                    in.transferTo(out);
                }
            }
            out.putNextEntry(new ZipEntry("META-INF/services/" + ServerModule.class.getName()));
            out.write(String.join("\n", services).getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static Path folder() throws IOException {
        URL known = TestModule.class.getResource("TestModule.class");
        try {
            return Path.of(Objects.requireNonNull(known).toURI()).resolveSibling("");
        } catch (URISyntaxException impossible) {
            throw new IOException(impossible);
        }
    }
}
