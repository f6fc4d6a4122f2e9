package io.keydb.server.persistence.rdb;

import io.keydb.server.value.ContentSink;
import io.keydb.server.value.Element;
import java.io.IOException;

/**
 * Writes when members of a value expire, as auxiliary fields behind the value: KeyDB's way, which
 * other servers pass over.
 *
 * <p>Threads: confined to the writer; the lock of the record's partition is held.
 */
final class ExpiryWriter implements ContentSink<IOException> {
    private final RdbWriter out;

    ExpiryWriter(RdbWriter out) {
        this.out = out;
    }

    private void expiry(Element member, long expiryMillis) throws IOException {
        if (expiryMillis != NO_EXPIRY) {
            out.auxiliary(AuxiliaryField.MEMBER, member);
            out.auxiliary(AuxiliaryField.MEMBER_EXPIRY, Long.toString(expiryMillis));
        }
    }

    @Override
    public void string(Element text) {}

    @Override
    public void begin(int type, long elements) {}

    @Override
    public void element(Element element) {}

    @Override
    public void member(Element member, long expiryMillis) throws IOException {
        expiry(member, expiryMillis);
    }

    @Override
    public void scored(Element member, double score, long expiryMillis) throws IOException {
        expiry(member, expiryMillis);
    }

    @Override
    public void field(Element field, Element value, long expiryMillis) throws IOException {
        expiry(field, expiryMillis);
    }
}
