package io.keydb.server.acl;

import io.keydb.server.client.User;

/**
 * A user by name, with the rules of the moment.
 *
 * <p>Threads: safe; rules are replaced as a whole, by {@link Users} only.
 */
final class Account implements User {
    private final String name;
    private volatile UserRules rules;

    Account(String name, UserRules rules) {
        this.name = name;
        this.rules = rules;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isUnrestricted() {
        return rules.isUnrestricted();
    }

    UserRules rules() {
        return rules;
    }

    void rules(UserRules newRules) {
        rules = newRules;
    }

    /** As a line of a file. */
    String describe() {
        return "user " + name + " " + rules.describe();
    }
}
