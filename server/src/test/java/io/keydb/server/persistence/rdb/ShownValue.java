package io.keydb.server.persistence.rdb;

import io.keydb.server.memory.Memory;
import io.keydb.server.structure.Record;
import io.keydb.server.value.Element;
import io.keydb.server.value.cron.CronJob;
import io.keydb.server.value.module.TypeIdentity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down the content of a value: {@code text} or {@code list{a, b}}, {@code hash{f=v}}. */
final class ShownValue implements ValueTarget {
    private final List<String> elements = new ArrayList<>();
    private String type = "";

    @Override
    public void string(Element text) {
        elements.add(text(text));
    }

    @Override
    public void begin(int newType, long count) {
        type =
                switch (newType) {
                    case Record.LIST -> "list";
                    case Record.SET -> "set";
                    case Record.SORTED_SET -> "zset";
                    case Record.HASH -> "hash";
                    default -> "stream";
                };
    }

    @Override
    public void element(Element element) {
        elements.add(text(element));
    }

    @Override
    public void member(Element member, long expiryMillis) {
        elements.add(text(member));
    }

    @Override
    public void scored(Element member, double score, long expiryMillis) {
        elements.add(text(member) + "=" + score);
    }

    @Override
    public void field(Element field, Element value, long expiryMillis) {
        elements.add(
                text(field)
                        + "="
                        + text(value)
                        + (expiryMillis == NO_EXPIRY ? "" : "@" + expiryMillis));
    }

    @Override
    public void module(long identity, @Nullable Element bytes) {
        type = "module:" + TypeIdentity.name(identity);
        elements.add(bytes == null ? "?" : text(bytes));
    }

    @Override
    public void cron(CronJob job) {
        type = "cron";
        elements.add(new String(job.script(), StandardCharsets.ISO_8859_1));
    }

    @Override
    public void single() {
        type = "single cron";
    }

    @Override
    public void stream(ForeignStream stream) {
        type = "stream";
    }

    @Override
    public void end() {}

    @Override
    public void expires(Element member, long expiryMillis) {
        elements.add(text(member) + "@" + expiryMillis);
    }

    List<String> elements() {
        return elements;
    }

    static String text(Element element) {
        return element.isInteger()
                ? Long.toString(element.integer())
                : new String(
                        Memory.bytes(element.address(), element.length()),
                        StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return type.isEmpty()
                ? elements.getFirst()
                : type + "{" + String.join(", ", elements) + "}";
    }
}
