package io.keydb.server.modules;

import io.keydb.module.ServerModule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The classes of one module. The jar is read once and kept in memory: it may be replaced while the
 * module is loaded, and nothing has to be closed, so calls that still run when the module is
 * unloaded find their classes. The module sees the JDK and {@link io.keydb.module}, and nothing
 * else of the server.
 *
 * <p>Threads: safe.
 */
final class ModuleClassLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final String CLASS = ".class";

    private final Map<String, byte[]> entries = new ConcurrentHashMap<>();

    /**
     * @throws IOException when the jar cannot be read
     */
    ModuleClassLoader(Path jar) throws IOException {
        super("module " + jar.getFileName(), new Shared());
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.isDirectory()) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = entries.remove(name.replace('.', '/') + CLASS);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    protected @Nullable URL findResource(String name) {
        byte[] bytes = entries.get(name);
        if (bytes == null) {
            return null;
        }
        try {
            return URL.of(new URI("module", null, "/" + name, null), new InMemory(bytes));
        } catch (IOException | URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL found = findResource(name);
        return Collections.enumeration(found == null ? List.of() : List.of(found));
    }

    /** Opens an entry of the jar. */
    private static final class InMemory extends URLStreamHandler {
        private final byte[] bytes;

        InMemory(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
                @Override
                public void connect() {
                    // it is here
                }

                @Override
                public InputStream getInputStream() {
                    return new ByteArrayInputStream(bytes);
                }
            };
        }
    }

    /** What modules share with the server. */
    private static final class Shared extends ClassLoader {
        private static final String PACKAGE = ServerModule.class.getPackageName() + ".";

        Shared() {
            super("shared with modules", ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            ClassLoader server = ServerModule.class.getClassLoader();
            if (server == null || !name.startsWith(PACKAGE)) {
                throw new ClassNotFoundException(name);
            }
            return server.loadClass(name);
        }
    }
}
