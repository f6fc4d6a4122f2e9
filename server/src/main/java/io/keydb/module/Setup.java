package io.keydb.module;

import java.util.List;

/**
 * What a module declares itself to while it is loaded; good for nothing afterwards.
 *
 * <p>Threads: confined to the thread that loads the module.
 */
public interface Setup {
    /** What stands behind the path in MODULE LOAD, or behind ARGS in MODULE LOADEX. */
    List<String> arguments();

    /**
     * Brings a command.
     *
     * @throws IllegalArgumentException when there is a command of this name already, or the
     *     declaration contradicts itself
     */
    void command(CommandDeclaration declaration);

    /**
     * Brings a type of values.
     *
     * @throws IllegalArgumentException when its name is no name of a type, or taken
     */
    void type(DataType type);

    /**
     * Brings a parameter that is a whole number between two limits, both included: {@code
     * module.name} of the configuration.
     *
     * @param name letters, digits, {@code -} and {@code _}
     */
    Parameter<Long> integer(String name, long defaultValue, long smallest, long largest);

    /** Brings a parameter that is {@code yes} or {@code no}. */
    Parameter<Boolean> toggle(String name, boolean defaultValue);

    /** Brings a parameter that is any text. */
    Parameter<String> text(String name, String defaultValue);

    /**
     * Brings a parameter that is one constant of an enum, by its name in lower case with {@code -}
     * for {@code _}.
     */
    <E extends Enum<E>> Parameter<E> choice(String name, E defaultValue);

    /** The server's log. */
    ModuleLog log();
}
