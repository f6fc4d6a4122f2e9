package io.keydb.server.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.boot.Server;
import io.keydb.server.boot.ServerDirectives;
import io.keydb.server.client.Clients;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.string.StringCommands;
import io.keydb.server.config.CommandLine;
import io.keydb.server.config.Configuration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AclFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // the engine of the tests sets it
    private Path folder;

    private final CommandTable table = new CommandTable(StringCommands.ALL);
    private final Users users = new Users(new Clients(), () -> table, () -> false);

    private AclFile file(String... lines) throws IOException {
        Files.write(folder.resolve("users.acl"), List.of(lines));
        return new AclFile("users.acl", folder);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        users.set("a", List.of("on", ">p", "~k*", "%R~r", "+get", "(+set", "~x)"), null);
        AclFile file = file();
        file.write(users.all());
        Map<String, UserRules> read = file.read(users);
        assertThat(read.keySet()).containsExactly("a", "default");
        Account before = Objects.requireNonNull(users.find("a"));
        assertThat(Objects.requireNonNull(read.get("a")).describe())
                .isEqualTo(before.rules().describe());
        assertThat(Files.list(folder)).hasSize(1);
    }

    @Test
    void everythingThatIsWrongIsTold() throws IOException {
        AclFile file =
                file(
                        "user a on +get",
                        "",
                        "user a off",
                        "# comment",
                        "user b +nosuch +other ~* ~x ~y",
                        "user c (+get");
        assertThatThrownBy(() -> file.read(users))
                .hasMessage(
                        "WARNING: Duplicate user 'a' found on line 3. users.acl:4 should start with"
                                + " user keyword followed by the username. users.acl:5: Error in"
                                + " applying operation '+nosuch': Unknown command or category name in"
                                + " ACL. users.acl:5: Error in applying operation '+other': Unknown"
                                + " command or category name in ACL. users.acl:5: Adding a pattern"
                                + " after the * pattern (or the 'allkeys' flag) is not valid and does"
                                + " not have any effect. Try 'resetkeys' to start with an empty list of"
                                + " patterns. users.acl:6: Unmatched parenthesis in selector"
                                + " definition.WARNING: ACL errors detected, no change to the"
                                + " previously active ACL rules was performed");
    }

    @Test
    void absentFileIsNamed() {
        assertThatThrownBy(() -> new AclFile("none.acl", folder).read(users))
                .hasMessage(
                        "Error loading ACLs, opening file 'none.acl': No such file or directory");
    }

    @Test
    void linesOfUsersAndFileExcludeEachOther() throws Exception {
        file("user a on +get");
        Configuration configuration = new Configuration(ServerDirectives.all());
        configuration.load(
                CommandLine.parse(
                                List.of(
                                        "--dir",
                                        folder.toString(),
                                        "--aclfile",
                                        "users.acl",
                                        "--user",
                                        "b",
                                        "on",
                                        "--management-port",
                                        "0"))
                        .allLines(InputStream.nullInputStream(), Map.of(), ServerDirectives.all()));
        assertThatThrownBy(() -> Server.startAnywhere(configuration))
                .hasMessageContaining("Users are defined both by 'user' lines and by 'aclfile'");
    }
}
