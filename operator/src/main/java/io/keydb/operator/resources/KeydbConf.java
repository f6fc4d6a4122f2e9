package io.keydb.operator.resources;

import io.fabric8.kubernetes.api.model.Quantity;
import io.keydb.crd.v1alpha1.KeyDBSpec;
import io.keydb.crd.v1alpha1.Resources;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file of the members. It is the same for all of them, and has nothing that
 * changes with their number: scaling restarts nobody.
 *
 * <p>Pairs and meshes both run with {@code multi-master yes}: so a pair becomes a mesh without a
 * restart, and the operator removes links by name instead of having them replaced.
 *
 * <p>Threads: without state.
 */
public final class KeydbConf {
    static final String FILE = "keydb.conf";
    static final String DIRECTORY = "/etc/keydb";
    static final String AUTH_FILE = "auth.conf";
    static final String AUTH_DIRECTORY = "/etc/keydb-auth";
    static final String DATA_DIRECTORY = "/data";
    static final int MANAGEMENT_PORT = 8080;

    /** More event loops than this brought nothing in measurements of servers of this kind. */
    private static final int MAX_THREADS = 8;

    private static final int DEFAULT_THREADS = 2;

    /** The Java heap (64 MiB), code, class metadata, threads and network buffers of one server. */
    private static final long PROCESS_BYTES = 192L << 20;

    private KeydbConf() {}

    /** The text of the file. */
    public static String text(KeyDBSpec spec) {
        var text =
                new StringBuilder("# Written by the KeyDB operator from spec.config and others.\n");
        directives(spec).forEach((name, value) -> line(text, name, value));
        if (spec.auth().enabled()) {
            line(text, "include", AUTH_DIRECTORY + "/" + AUTH_FILE);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private static Map<String, String> directives(KeyDBSpec spec) {
        var directives = new LinkedHashMap<String, String>();
        directives.put("bind", "0.0.0.0");
        directives.put("port", Integer.toString(Names.PORT));
        directives.put("dir", DATA_DIRECTORY);
        directives.put("management-port", Integer.toString(MANAGEMENT_PORT));
        directives.put("protected-mode", "no");
        if (spec.topology().mode().isReplicated()) {
            directives.put("active-replica", "yes");
            directives.put("multi-master", "yes");
        }
        directives.put("loglevel", "notice");
        directives.put("server-threads", Integer.toString(threads(spec.resources())));
        maxmemoryBytes(spec.resources())
                .ifPresent(bytes -> directives.put("maxmemory", Long.toString(bytes)));
        directives.putAll(new TreeMap<>(spec.config()));
        return directives;
    }

    /** One event loop per CPU that the member may use. */
    private static int threads(@Nullable Resources resources) {
        return limit(resources, "cpu")
                .map(cpus -> cpus.setScale(0, RoundingMode.UP).intValue())
                .map(cpus -> Math.clamp(cpus, 1, MAX_THREADS))
                .orElse(DEFAULT_THREADS);
    }

    /**
     * What a memory limit leaves for data: less what the process needs anyway, and a sixteenth for
     * what grows with the data, such as fragmentation and buffers of clients. Of a very small limit
     * at least a quarter is data, so that the server starts and can say that memory is short.
     */
    private static Optional<Long> maxmemoryBytes(@Nullable Resources resources) {
        return limit(resources, "memory")
                .map(BigDecimal::longValue)
                .map(bytes -> Math.max(bytes / 4, bytes - PROCESS_BYTES - bytes / 16));
    }

    private static Optional<BigDecimal> limit(@Nullable Resources resources, String name) {
        return Optional.ofNullable(resources)
                .map(given -> given.limits().get(name))
                .map(Quantity::getNumericalAmount);
    }
}
