package io.keydb.server.command;

import java.util.Locale;

/** Where a command comes from, as ACL LOG tells. */
public enum AccessContext {
    TOPLEVEL,
    MULTI,
    LUA,
    MODULE;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
        return wireName;
    }
}
