package io.keydb.server.resp;

/**
 * Where a {@link ReplyWriter} gets its memory from. There is one block at a time.
 *
 * <p>Threads: confined to whoever uses the writer.
 */
public interface ReplySpace {

    /**
     * Gives a block of at least {@code capacity} bytes. When there is one already, its first {@code
     * used} bytes are kept, and the block may move.
     *
     * @return the address of the block
     */
    long grow(long used, long capacity);

    /** The size of the block that {@link #grow} returned last. */
    long capacity();
}
