package io.keydb.server.value.module;

import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Blob;
import io.keydb.server.value.Holder;

/**
 * Works on values of module types.
 *
 * <p>Threads: stateless; confined to the partition lock of the record's key.
 */
public final class ModuleValue {
    private static final int IDENTITY_BYTES = Long.BYTES;

    private ModuleValue() {}

    /** Of which type the value is. */
    public static long identity(long record) {
        return Memory.getLong(Blob.address(record));
    }

    /** Where the bytes of the module are. */
    public static long address(long record) {
        return Blob.address(record) + IDENTITY_BYTES;
    }

    /** How many bytes of the module there are. */
    public static long length(long record) {
        return Blob.length(record) - IDENTITY_BYTES;
    }

    /**
     * Makes the value of a key that has none.
     *
     * @return where its bytes are to be written
     */
    public static long create(Holder holder, long identity, long length) {
        long address =
                Blob.create(holder, Record.MODULE, false, Math.addExact(length, IDENTITY_BYTES));
        Memory.putLong(address, identity);
        return address + IDENTITY_BYTES;
    }

    /**
     * Makes the bytes more or fewer; as many as there were and are keep their content, what comes
     * besides is arbitrary.
     *
     * @return where they are now
     */
    public static long resize(Holder holder, long length) {
        return Blob.resize(holder, Math.addExact(length, IDENTITY_BYTES)) + IDENTITY_BYTES;
    }
}
