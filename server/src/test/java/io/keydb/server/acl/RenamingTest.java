package io.keydb.server.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keydb.server.boot.ServerDirectives;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandTable;
import io.keydb.server.command.string.StringCommands;
import io.keydb.server.command.transaction.TransactionCommands;
import io.keydb.server.config.CommandLine;
import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RenamingTest {
    private static CommandTable table(String... arguments) throws ConfigFileException {
        Configuration configuration = new Configuration(ServerDirectives.all());
        configuration.load(
                CommandLine.parse(List.of(arguments))
                        .allLines(InputStream.nullInputStream(), Map.of(), ServerDirectives.all()));
        List<Command> commands = new ArrayList<>(StringCommands.ALL);
        commands.addAll(TransactionCommands.ALL);
        return Renaming.table(commands, configuration);
    }

    @Test
    void renamedCommandIsCalledByItsNewNameOnly() throws ConfigFileException {
        CommandTable table = table("--rename-command", "get", "fetch");
        assertThat(table.find("GET")).isNull();
        assertThat(table.find("FETCH")).isSameAs(table.original("get"));
    }

    @Test
    void emptyNameTakesTheCommandAway() throws ConfigFileException {
        CommandTable table = table("--rename-command", "EXEC", "");
        assertThat(table.find("exec")).isNull();
        assertThat(table.commands()).extracting(Command::name).doesNotContain("EXEC");
        assertThat(table.original("exec")).isNotNull();
    }

    @Test
    void namesMayBeExchanged() throws ConfigFileException {
        CommandTable table =
                table(
                        "--rename-command",
                        "get",
                        "x",
                        "--rename-command",
                        "set",
                        "get",
                        "--rename-command",
                        "x",
                        "set");
        assertThat(table.find("get")).isSameAs(table.original("set"));
        assertThat(table.find("set")).isSameAs(table.original("get"));
    }

    @Test
    void longNamesAreFound() throws ConfigFileException {
        String name = "b840fc02d524045429941cc15f59e41cb7be6c52".repeat(3);
        assertThat(table("--rename-command", "get", name).find(name)).isNotNull();
    }

    @Test
    void unknownCommandAndTakenNameAreRefused() {
        assertThatThrownBy(() -> table("--rename-command", "nosuch", "x"))
                .hasMessageContaining("No such command in rename-command");
        assertThatThrownBy(() -> table("--rename-command", "get", "SET"))
                .hasMessageContaining("Target command name already exists");
    }
}
