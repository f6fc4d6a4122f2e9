package io.keydb.e2e.controlplane.merge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What merging needs to know about the type of a value: whether it merges field by field, item by
 * item, or as a whole.
 *
 * <p>Threads: immutable.
 */
public interface Shape {

    /** How values of this type merge. */
    enum Kind {
        /** An object whose fields merge one by one. */
        GRANULAR,
        /** A list whose items are told apart by key fields. */
        KEYED_LIST,
        /** A list of scalars without order or repetition. */
        SET,
        /** Anything replaced as a whole. */
        ATOMIC
    }

    /** A key field of a keyed list, and the value it has when an item leaves it out. */
    record Key(String name, @org.jspecify.annotations.Nullable JsonNode fallback) {}

    /**
     * How this value merges; a declared type may fall back to atomic for a value of another kind.
     */
    Kind kind(JsonNode value);

    /** The keys of a keyed list. */
    List<Key> keys();

    /** The shape of a field of an object. */
    Shape field(String name);

    /** The shape of an item of a list. */
    Shape item();
}
