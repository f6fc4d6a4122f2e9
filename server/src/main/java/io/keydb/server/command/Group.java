package io.keydb.server.command;

import java.util.List;

/** The group a command is documented in, and the ACL categories that come with it. */
public enum Group {
    STRING("string", AclCategory.STRING),
    LIST("list", AclCategory.LIST),
    SET("set", AclCategory.SET),
    SORTED_SET("sorted-set", AclCategory.SORTEDSET),
    HASH("hash", AclCategory.HASH),
    BITMAP("bitmap", AclCategory.BITMAP),
    HYPERLOGLOG("hyperloglog", AclCategory.HYPERLOGLOG),
    GEO("geo", AclCategory.GEO),
    STREAM("stream", AclCategory.STREAM),
    GENERIC("generic", AclCategory.KEYSPACE),
    CONNECTION("connection", AclCategory.CONNECTION),
    TRANSACTIONS("transactions", AclCategory.TRANSACTION),
    SERVER("server"),
    PUBSUB("pubsub", AclCategory.PUBSUB),
    SCRIPTING("scripting", AclCategory.SCRIPTING),
    CLUSTER("cluster"),
    MODULE("module");

    private final String wireName;
    private final List<AclCategory> categories;

    Group(String wireName, AclCategory... categories) {
        this.wireName = wireName;
        this.categories = List.of(categories);
    }

    public String wireName() {
        return wireName;
    }

    public List<AclCategory> categories() {
        return categories;
    }
}
