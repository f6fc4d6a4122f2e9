package io.keydb.server.modules;

import io.keydb.module.CommandDeclaration;
import io.keydb.module.KeyUse;
import io.keydb.module.Keys;
import io.keydb.server.command.AclCategory;
import io.keydb.server.command.Command;
import io.keydb.server.command.CommandFlag;
import io.keydb.server.command.Group;
import io.keydb.server.command.Handler;
import io.keydb.server.command.KeyFlag;
import io.keydb.server.command.KeySpec;
import java.util.Locale;

/**
 * Makes a command of the server from what a module declares.
 *
 * <p>Threads: stateless.
 */
final class CommandTranslation {
    private CommandTranslation() {}

    /**
     * The command of a module.
     *
     * @throws IllegalArgumentException when the declaration contradicts itself
     */
    static Command command(CommandDeclaration declared, String module, Handler handler) {
        check(declared);
        Command.Builder builder =
                Command.command(declared.name().toUpperCase(Locale.ROOT), Group.MODULE)
                        .since(declared.since())
                        .arity(declared.arity())
                        .flags(
                                declared.flags().stream()
                                        .map(flag -> CommandFlag.valueOf(flag.name()))
                                        .toArray(CommandFlag[]::new))
                        .module(module)
                        .keys(
                                declared.keys().stream()
                                        .map(CommandTranslation::keys)
                                        .toArray(KeySpec[]::new))
                        .categories(
                                declared.categories().stream()
                                        .map(CommandTranslation::category)
                                        .toArray(AclCategory[]::new))
                        .syntax(declared.syntax())
                        .summary(declared.summary())
                        .complexity(declared.complexity());
        return (declared.isSlow() ? builder.slow() : builder).handledBy(handler);
    }

    private static void check(CommandDeclaration declared) {
        String name = declared.name();
        boolean hasName = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            hasName &= name.charAt(i) > ' ' && name.charAt(i) < 0x7f && name.charAt(i) != '|';
        }
        require(hasName, declared, "its name is none");
        require(declared.arity() != 0, declared, "its arity is 0");
        require(
                !declared.flags().contains(io.keydb.module.CommandFlag.WRITE)
                        || !declared.flags().contains(io.keydb.module.CommandFlag.READONLY),
                declared,
                "it is a write and reads only");
        for (Keys keys : declared.keys()) {
            require(first(keys) != 0, declared, "a key is its name");
        }
    }

    private static int first(Keys keys) {
        return switch (keys) {
            case Keys.InRange range -> Math.min(range.first(), range.step());
            case Keys.Counted counted -> counted.countAt();
            case Keys.Behind behind -> behind.startFrom();
        };
    }

    private static void require(boolean holds, CommandDeclaration declared, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("command '" + declared.name() + "': " + otherwise);
        }
    }

    private static KeySpec keys(Keys keys) {
        KeyFlag[] flags =
                keys.uses().stream()
                        .map((KeyUse use) -> KeyFlag.valueOf(use.name()))
                        .toArray(KeyFlag[]::new);
        KeyFlag first = flags[0];
        return switch (keys) {
            case Keys.InRange range -> {
                int last = range.last() < 0 ? range.last() : range.last() - range.first();
                yield KeySpec.range(range.first(), last, range.step(), first, flags);
            }
            case Keys.Counted counted -> KeySpec.counted(counted.countAt(), first, flags);
            case Keys.Behind behind ->
                    KeySpec.keyword(behind.keyword(), behind.startFrom(), first, flags);
        };
    }

    private static AclCategory category(String name) {
        AclCategory category = AclCategory.named(name);
        if (category == null) {
            throw new IllegalArgumentException("no ACL category '" + name + "'");
        }
        return category;
    }
}
