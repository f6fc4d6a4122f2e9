package io.keydb.server.command;

import org.jspecify.annotations.Nullable;

/**
 * On which terms a command waits.
 *
 * @param timeoutMillis how long at most; 0 is for ever
 * @param type the type of value that must be there for it to be worth another try
 * @param firstKey the first argument that is a key it waits for
 * @param lastKey the last one
 * @param wakesWithoutValue whether it also tries again when a key is gone or holds another type
 * @param state what the command remembers from run to run
 */
record BlockTerms(
        long timeoutMillis,
        int type,
        int firstKey,
        int lastKey,
        boolean wakesWithoutValue,
        @Nullable Object state) {}
