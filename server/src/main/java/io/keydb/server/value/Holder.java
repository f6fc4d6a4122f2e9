package io.keydb.server.value;

import io.keydb.server.memory.Allocator;
import io.keydb.server.value.module.ModuleTypes;

/**
 * Who holds the address of one record and can give it another size or form. Values of many bytes
 * ask for that while they change; keys, tables and clients are the holder's business.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 */
public interface Holder {
    /** The record as it is now, 0 when there is none. */
    long record();

    /** Where the record and all it owns are allocated. */
    Allocator allocator();

    /** At which sizes small forms end. */
    EncodingLimits limits();

    /** The types that modules have brought. */
    default ModuleTypes moduleTypes() {
        return ModuleTypes.NONE;
    }

    /**
     * Makes the record, of which there is none yet. Its value is arbitrary and to be written at
     * once.
     *
     * @param inlineBytes bytes of the value within the record, for encodings that have a length
     * @return the record
     */
    long create(int type, int encoding, long inlineBytes);

    /**
     * Gives the record another encoding or length; all else of it stays, of the value's bytes as
     * many as there were and are. What it owns is the caller's business.
     *
     * @return the record, which may have moved
     */
    long resize(int encoding, long inlineBytes);

    /** Says whether members of the record's collection expire, see {@link Members}. */
    void membersExpire(boolean expire);

    /**
     * As {@link #resize}, for a value that goes on saying the same: who watches the key is not
     * told.
     */
    default long restate(int encoding, long inlineBytes) {
        return resize(encoding, inlineBytes);
    }

    /** Must precede every change within the record or within what it owns. */
    void beforeChange();
}
