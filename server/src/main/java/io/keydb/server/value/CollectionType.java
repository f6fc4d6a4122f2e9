package io.keydb.server.value;

/**
 * A type of value whose members may expire one by one: hash, set and sorted set. In the form of a
 * table each member is a record, and the value's root begins with what {@link Members} keeps.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public interface CollectionType extends ValueType {
    /** The command that removes members, as the log tells of one that has expired: {@code HDEL}. */
    byte[] removal();

    /** Whether the value has this member, in any of its forms. */
    boolean contains(long record, long address, int length);

    /** Gives the value the form of a table, if it has another. */
    void toTable(Holder holder);

    /**
     * Puts the copy of a member's record in the place of the old one wherever the root knows the
     * address, but for {@link Members}' own index. Frees nothing.
     */
    void moved(long root, long member, long moved);

    /**
     * Takes a member out and frees its record; calls {@link Members#forget} before. The value may
     * be empty afterwards, which is the caller's business. {@link Holder#beforeChange} was called.
     */
    void remove(Holder holder, long member);
}
