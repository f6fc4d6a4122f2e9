package io.keydb.server.command.hash;

import java.util.List;
import java.util.Map;

/**
 * What lies at a path of nested hashes. Bytes are characters below 256.
 *
 * <p>Threads: confined to the call that works on it.
 */
sealed interface NestedValue {
    /** A string. */
    record Text(String bytes) implements NestedValue {}

    /** Several strings. */
    record Items(List<String> strings) implements NestedValue {}

    /** A hash within a hash. */
    record Bucket(Map<String, NestedValue> entries) implements NestedValue {}
}
