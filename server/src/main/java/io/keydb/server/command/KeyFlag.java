package io.keydb.server.command;

import java.util.Locale;

/** What a command does with the keys a key specification finds. */
public enum KeyFlag {
    RO("RO"),
    RW("RW"),
    OW("OW"),
    RM("RM"),
    ACCESS,
    UPDATE,
    INSERT,
    DELETE,
    NOT_KEY,
    INCOMPLETE,
    VARIABLE_FLAGS;

    private final String wireName;

    KeyFlag() {
        this.wireName = name().toLowerCase(Locale.ROOT);
    }

    KeyFlag(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
