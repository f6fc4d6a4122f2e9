package io.keydb.server.net.tls;

import io.keydb.server.support.GlobPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the names in a client's certificate decide: whether it may connect, and whether its commands
 * are audited.
 *
 * <p>Threads: immutable.
 */
public final class ClientNames {

    /** Everybody may connect, nobody is audited. */
    static final ClientNames NO_RULES = new ClientNames(List.of(), List.of());

    private final List<GlobPattern> allowed;
    private final List<GlobPattern> notAudited;

    /**
     * @param allowed who may connect; everybody when there is no pattern
     * @param notAudited who is not audited; when there is no pattern, nobody is
     */
    public ClientNames(List<String> allowed, List<String> notAudited) {
        this.allowed = patterns(allowed);
        this.notAudited = patterns(notAudited);
    }

    private static List<GlobPattern> patterns(List<String> texts) {
        List<GlobPattern> patterns = new ArrayList<>();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            patterns.add(GlobPattern.compileIgnoringCase(bytes));
        }
        return patterns;
    }

    /** Whether certificates are looked at. */
    public boolean hasRules() {
        return !allowed.isEmpty() || !notAudited.isEmpty();
    }

    /**
     * Why a client may not connect, or null when it may.
     *
     * @param certificate what it has shown, if anything
     */
    public @Nullable String refusal(@Nullable Certificate certificate) {
        if (allowed.isEmpty() || (certificate != null && certificate.isOneOf(allowed))) {
            return null;
        }
        String name = certificate == null ? "" : certificate.commonName();
        return "Client CN (" + name + ") and SANs not found in allowlist.";
    }

    /** Whether any clients are audited. */
    public boolean audits() {
        return !notAudited.isEmpty();
    }

    /** Whether the commands of a client are audited. */
    public boolean isAudited(Certificate certificate) {
        return audits() && !certificate.isOneOf(notAudited);
    }
}
