package io.keydb.server.command;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ACL categories, in the order in which COMMAND INFO lists them. */
public enum AclCategory {
    KEYSPACE,
    READ,
    WRITE,
    SET,
    SORTEDSET,
    LIST,
    HASH,
    STRING,
    BITMAP,
    HYPERLOGLOG,
    GEO,
    STREAM,
    PUBSUB,
    ADMIN,
    FAST,
    SLOW,
    BLOCKING,
    DANGEROUS,
    CONNECTION,
    TRANSACTION,
    SCRIPTING;

    private final String wireName = "@" + name().toLowerCase(Locale.ROOT);

    /** With the at sign in front. */
    public String wireName() {
        return wireName;
    }

    /** Without the at sign. */
    public String plainName() {
        return wireName.substring(1);
    }

    /** The category of this name without the at sign, in any case; null when there is none. */
    public static @Nullable AclCategory named(String name) {
        for (AclCategory category : values()) {
            if (category.plainName().equalsIgnoreCase(name)) {
                return category;
            }
        }
        return null;
    }
}
