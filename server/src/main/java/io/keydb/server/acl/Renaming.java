package io.keydb.server.acl;

import io.keydb.server.command.Command;
import io.keydb.server.command.CommandTable;
import io.keydb.server.config.ConfigFileException;
import io.keydb.server.config.Configuration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Calls commands by other names, as lines {@code rename-command} say, one after the other.
 *
 * <p>Threads: stateless.
 */
public final class Renaming {
    private Renaming() {}

    /**
     * The table of these commands under the names of the configuration.
     *
     * @throws ConfigFileException when a command is unknown, or the name of another one
     */
    public static CommandTable table(List<Command> commands, Configuration configuration)
            throws ConfigFileException {
        Map<String, Command> byName = new LinkedHashMap<>();
        commands.forEach(command -> byName.put(command.shortName(), command));
        Map<Command, String> newNames = new HashMap<>();
        for (List<String> line : configuration.value(AclDirectives.RENAME_COMMAND)) {
            Command command = byName.remove(line.getFirst().toUpperCase(Locale.ROOT));
            if (command == null) {
                throw refused(line, "No such command in rename-command");
            }
            String name = line.getLast();
            if (!name.isEmpty()
                    && byName.putIfAbsent(name.toUpperCase(Locale.ROOT), command) != null) {
                throw refused(line, "Target command name already exists");
            }
            newNames.put(command, name);
        }
        return new CommandTable(commands, newNames);
    }

    private static ConfigFileException refused(List<String> line, String reason) {
        return new ConfigFileException(reason + ": rename-command " + String.join(" ", line));
    }
}
