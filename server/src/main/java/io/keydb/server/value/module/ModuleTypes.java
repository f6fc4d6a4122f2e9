package io.keydb.server.value.module;

import org.jspecify.annotations.Nullable;

/**
 * The module types of one server, as those ask who read values that come from outside.
 *
 * <p>Threads: safe.
 */
public interface ModuleTypes {
    /** A server without module types. */
    ModuleTypes NONE =
            new ModuleTypes() {
                @Override
                public long current(long identity) {
                    return UNKNOWN;
                }

                @Override
                public byte @Nullable [] accept(long identity, long address, int length) {
                    throw new IllegalStateException("no module has such values");
                }
            };

    /** No identity. */
    long UNKNOWN = -1;

    /**
     * The identity under which values of that type are kept now, whatever their version; {@link
     * #UNKNOWN} when no module has brought the type.
     */
    long current(long identity);

    /**
     * Looks at a value that comes from outside.
     *
     * @return null when it is right as it is; else the bytes to keep instead, for a value of an
     *     older version
     * @throws IllegalArgumentException when it is damaged
     */
    byte @Nullable [] accept(long identity, long address, int length);
}
