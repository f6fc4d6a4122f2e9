package io.keydb.operator.resources;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.database.Credentials;
import io.keydb.operator.database.Password;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the members of a deployment share: configuration and password.
 *
 * <p>Threads: without state.
 */
public final class ClusterObjects {
    /** Key of the Secret: the password alone, for clients. */
    public static final String PASSWORD_KEY = "password";

    /** Key of the Secret: the password before, until every member has been told the current one. */
    public static final String PREVIOUS_PASSWORD_KEY = "previous-password";

    private ClusterObjects() {}

    /** The ConfigMap with keydb.conf. */
    public static ConfigMap config(KeyDB keydb) {
        var names = Names.of(keydb);
        return new ConfigMapBuilder()
                .withMetadata(Owner.owned(keydb, names.config(), Labels.ofCluster(names)))
                .withData(Map.of(KeydbConf.FILE, KeydbConf.text(keydb.getSpec())))
                .build();
    }

    /** The Secret with the password, for clients and as a file for the servers. */
    public static Secret auth(KeyDB keydb, Password password, Optional<Password> previous) {
        var names = Names.of(keydb);
        var data = new TreeMap<String, String>();
        data.put(PASSWORD_KEY, encoded(password.value()));
        data.put(KeydbConf.AUTH_FILE, encoded(authFile(password)));
        previous.ifPresent(before -> data.put(PREVIOUS_PASSWORD_KEY, encoded(before.value())));
        return new SecretBuilder()
                .withMetadata(Owner.owned(keydb, names.auth(), Labels.ofCluster(names)))
                .withType("Opaque")
                .withData(data)
                .build();
    }

    /** The passwords that a Secret made here holds. */
    public static Credentials credentials(Secret secret) {
        return new Credentials(
                password(secret, PASSWORD_KEY), password(secret, PREVIOUS_PASSWORD_KEY));
    }

    /** One value of a Secret. */
    public static Optional<Password> password(Secret secret, String key) {
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(key))
                .map(value -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8))
                .map(Password::new);
    }

    private static String authFile(Password password) {
        var quoted = quoted(password.value());
        return "requirepass " + quoted + "\nmasterauth " + quoted + "\n";
    }

    /** Quotes an argument as configuration files want it. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
