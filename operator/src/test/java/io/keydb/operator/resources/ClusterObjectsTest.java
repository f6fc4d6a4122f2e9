package io.keydb.operator.resources;

import static io.keydb.operator.TestResources.keydb;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.operator.database.Credentials;
import io.keydb.operator.database.Password;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Passwords survive the way into a Secret and a configuration file, and are shown nowhere else. */
class ClusterObjectsTest {
    private static final Password CURRENT = new Password("a \"b\" \\ c");
    private static final Password BEFORE = new Password("before");

    @Test
    void passwordsReadFromTheSecretAreThoseWritten() {
        var secret =
                ClusterObjects.auth(
                        keydb("topology: {mode: Standalone}"), CURRENT, Optional.of(BEFORE));

        assertThat(ClusterObjects.credentials(secret))
                .isEqualTo(new Credentials(Optional.of(CURRENT), Optional.of(BEFORE)));
    }

    @Test
    void fileForTheServerIsQuoted() {
        var secret =
                ClusterObjects.auth(
                        keydb("topology: {mode: Standalone}"), CURRENT, Optional.empty());

        assertThat(ClusterObjects.password(secret, "auth.conf"))
                .contains(
                        new Password(
                                """
                                requirepass "a \\"b\\" \\\\ c"
                                masterauth "a \\"b\\" \\\\ c"
                                """));
    }

    @Test
    void passwordIsNotInTheTextOfAnything() {
        assertThat(Credentials.of(BEFORE).toString()).doesNotContain("before").contains("hidden");
    }
}
