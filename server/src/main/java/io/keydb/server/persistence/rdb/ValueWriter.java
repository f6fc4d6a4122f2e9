package io.keydb.server.persistence.rdb;

import io.keydb.server.structure.Record;
import io.keydb.server.value.ContentSink;
import io.keydb.server.value.Contents;
import io.keydb.server.value.Element;
import io.keydb.server.value.cron.CronJob;
import io.keydb.server.value.module.ModuleValue;
import java.io.IOException;
import java.util.List;

/**
 * Writes values in the forms that every server of the last years reads, whatever their encoding
 * here: as sequences of strings, which the reader packs as its own limits say.
 *
 * <p>Threads: confined to the writer; the lock of the record's partition is held.
 */
final class ValueWriter implements ContentSink<IOException> {
    private final RdbWriter out;

    ValueWriter(RdbWriter out) {
        this.out = out;
    }

    /** The type as which the value of a record is written. */
    static int type(long record) {
        return switch (Record.type(record)) {
            case Record.STRING -> RdbFormat.TYPE_STRING;
            case Record.LIST -> RdbFormat.TYPE_LIST;
            case Record.SET -> RdbFormat.TYPE_SET;
            case Record.SORTED_SET -> RdbFormat.TYPE_SORTED_SET;
            case Record.HASH -> RdbFormat.TYPE_HASH;
            case Record.STREAM -> RdbFormat.TYPE_STREAM_2;
            case Record.MODULE -> RdbFormat.TYPE_MODULE;
            case Record.CRON -> RdbFormat.TYPE_CRON;
            default -> throw new IllegalArgumentException("type " + Record.type(record));
        };
    }

    void write(long record) throws IOException {
        if (Record.type(record) == Record.STREAM) {
            new StreamWriter(out, Record.number(record)).write();
            return;
        }
        if (Record.type(record) == Record.MODULE) {
            module(record);
            return;
        }
        if (Record.type(record) == Record.CRON) {
            cron(record, CronJob.of(record));
            return;
        }
        Contents.show(record, this);
        if (Record.membersExpire(record)) {
            Contents.show(record, new ExpiryWriter(out));
        }
    }

    /** Whatever the module's bytes mean, they are one string. */
    private void module(long record) throws IOException {
        out.length(ModuleValue.identity(record));
        out.length(RdbFormat.MODULE_STRING);
        Contents.show(record, this);
        out.length(RdbFormat.MODULE_END);
    }

    private void cron(long record, CronJob job) throws IOException {
        out.bytes(job.script());
        out.littleEndian(job.startMillis(), Long.BYTES);
        out.littleEndian(job.intervalMillis(), Long.BYTES);
        texts(job.keys());
        texts(job.arguments());
        out.auxiliary(AuxiliaryField.MEMBER, Record.keyAddress(record), Record.keyLength(record));
        out.auxiliary(AuxiliaryField.MEMBER_EXPIRY, Long.toString(job.dueMillis()));
        if (job.isSingle()) {
            out.auxiliary(AuxiliaryField.CRON_SINGLE, "1");
        }
    }

    private void texts(List<byte[]> texts) throws IOException {
        out.length(texts.size());
        for (byte[] text : texts) {
            out.bytes(text);
        }
    }

    @Override
    public void string(Element text) throws IOException {
        out.string(text);
    }

    @Override
    public void begin(int type, long elements) throws IOException {
        out.length(elements);
    }

    @Override
    public void element(Element element) throws IOException {
        out.string(element);
    }

    @Override
    public void member(Element member, long expiryMillis) throws IOException {
        out.string(member);
    }

    @Override
    public void scored(Element member, double score, long expiryMillis) throws IOException {
        out.string(member);
        out.littleEndian(Double.doubleToRawLongBits(score), 8);
    }

    @Override
    public void field(Element field, Element value, long expiryMillis) throws IOException {
        out.string(field);
        out.string(value);
    }
}
