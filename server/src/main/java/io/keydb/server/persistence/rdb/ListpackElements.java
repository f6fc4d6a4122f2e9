package io.keydb.server.persistence.rdb;

import io.keydb.server.structure.Listpack;
import io.keydb.server.value.Element;

/**
 * The elements of a foreign listpack.
 *
 * <p>Threads: confined to the reader.
 */
final class ListpackElements implements PackedElements {
    private long listpack;
    private long at;

    @Override
    public void open(long address, long length) throws RdbException {
        if (!Listpack.isValid(address, length)) {
            throw new RdbException("a damaged listpack");
        }
        listpack = address;
        at = Listpack.first(address);
    }

    @Override
    public boolean next(Element to) {
        if (at == 0) {
            return false;
        }
        if (Listpack.isInteger(at)) {
            to.set(Listpack.integer(at));
        } else {
            to.set(Listpack.textAddress(at), Listpack.textLength(at));
        }
        at = Listpack.next(listpack, at);
        return true;
    }
}
