package io.keydb.e2e.controlplane.merge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of field paths: the value of {@code fieldsV1} in managed fields.
 *
 * <p>A tree. An edge is one path element in its text form: {@code f:name} a field, {@code
 * k:{"name":"x"}} an item of a keyed list, {@code v:value} an item of a set. A node that is a
 * member stands for the path from the root to it; in JSON a member without children is <code>{}
 * </code>, one with children carries the key {@code "."}.
 *
 * <p>Threads: confined to one request.
 */
public final class FieldSet {

    private static final String SELF = ".";

    private boolean member;
    private final Map<String, FieldSet> children = new TreeMap<>();

    /** The set that the JSON form describes. */
    public static FieldSet parse(JsonNode fields) {
        FieldSet set = new FieldSet();
        set.member = fields.isEmpty() || fields.has(SELF);
        fields.properties().stream()
                .filter(field -> !field.getKey().equals(SELF))
                .forEach(field -> set.children.put(field.getKey(), parse(field.getValue())));
        return set;
    }

    /** The paths of all leaves, keyed items and set items of a value. */
    public static FieldSet of(JsonNode value, Shape shape) {
        FieldSet set = new FieldSet();
        set.collect(value, shape);
        return set;
    }

    private void collect(JsonNode value, Shape shape) {
        Shape.Kind kind = shape.kind(value);
        if (value.isEmpty() || kind == Shape.Kind.ATOMIC) {
            member = true;
            return;
        }
        switch (kind) {
            case GRANULAR ->
                    value.properties()
                            .forEach(
                                    field ->
                                            child("f:" + field.getKey())
                                                    .collect(
                                                            field.getValue(),
                                                            shape.field(field.getKey())));
            case KEYED_LIST ->
                    value.forEach(
                            item -> {
                                FieldSet child = child(keyElement(item, shape));
                                child.member = true;
                                if (!item.isEmpty()) {
                                    child.collect(item, shape.item());
                                }
                            });
            case SET -> value.forEach(item -> child("v:" + Json.write(item)).member = true);
            case ATOMIC -> throw new AssertionError();
        }
    }

    /** The path element of an item of a keyed list. */
    static String keyElement(JsonNode item, Shape shape) {
        ObjectNode key = Json.object();
        for (Shape.Key field : new java.util.TreeMap<>(keysByName(shape)).values()) {
            JsonNode value = item.get(field.name());
            if (value == null) {
                value = field.fallback();
            }
            if (value == null) {
                throw new MergeRefusal(
                        "associative list with keys has an element that omits key field \""
                                + field.name()
                                + "\" (and doesn't have default value)");
            }
            key.set(field.name(), value);
        }
        return "k:" + Json.write(key);
    }

    private static Map<String, Shape.Key> keysByName(Shape shape) {
        Map<String, Shape.Key> keys = new LinkedHashMap<>();
        shape.keys().forEach(key -> keys.put(key.name(), key));
        return keys;
    }

    /** The value a path element names inside another, or null. */
    static @Nullable JsonNode resolve(JsonNode value, String element, Shape shape) {
        if (element.charAt(0) == 'f') {
            return value.get(element.substring(2));
        }
        int index = indexOf(value, element, shape);
        return index < 0 ? null : value.get(index);
    }

    /** The position of the item a path element names in a list, or -1. */
    static int indexOf(JsonNode list, String element, Shape shape) {
        boolean keyed = element.charAt(0) == 'k';
        for (int i = 0; list.isArray() && i < list.size(); i++) {
            JsonNode item = list.get(i);
            boolean found =
                    keyed
                            ? item.isObject() && keyElement(item, shape).equals(element)
                            : Json.write(item).equals(element.substring(2));
            if (found) {
                return i;
            }
        }
        return -1;
    }

    /** The shape of what a path element names. */
    static Shape resolve(Shape shape, String element) {
        return element.charAt(0) == 'f' ? shape.field(element.substring(2)) : shape.item();
    }

    /** The child for a path element, made where there is none. */
    FieldSet child(String element) {
        return children.computeIfAbsent(element, _ -> new FieldSet());
    }

    @Nullable FieldSet find(String element) {
        return children.get(element);
    }

    Map<String, FieldSet> children() {
        return children;
    }

    boolean isMember() {
        return member;
    }

    void markMember() {
        member = true;
    }

    void clearMember() {
        member = false;
    }

    /** Whether no path is in this set. */
    public boolean isEmpty() {
        return !member && children.values().stream().allMatch(FieldSet::isEmpty);
    }

    /** Adds every path of another set. */
    public void add(FieldSet other) {
        member |= other.member;
        other.children.forEach((element, child) -> child(element).add(child));
    }

    /** Removes every path of another set, and leaves no empty branch. */
    public void remove(FieldSet other) {
        if (other.member) {
            member = false;
        }
        other.children.forEach(
                (element, child) -> {
                    FieldSet mine = children.get(element);
                    if (mine != null) {
                        mine.remove(child);
                        if (mine.isEmpty()) {
                            children.remove(element);
                        }
                    }
                });
    }

    /** Drops the paths that name nothing in a value any more. */
    public void retainExisting(JsonNode value, Shape shape) {
        children.entrySet()
                .removeIf(
                        entry -> {
                            JsonNode found = resolve(value, entry.getKey(), shape);
                            if (found == null) {
                                return true;
                            }
                            entry.getValue().retainExisting(found, resolve(shape, entry.getKey()));
                            return entry.getValue().isEmpty();
                        });
    }

    /** The paths whose value was added or changed between two versions of a document. */
    public static FieldSet changes(JsonNode before, JsonNode after, Shape shape) {
        FieldSet set = new FieldSet();
        set.collectChanges(before, after, shape);
        return set;
    }

    private void collectChanges(JsonNode before, JsonNode after, Shape shape) {
        if (before.equals(after)) {
            return;
        }
        Shape.Kind kind = shape.kind(after);
        if (kind == Shape.Kind.ATOMIC
                || shape.kind(before) != kind
                || after.isEmpty()
                || before.isEmpty()) {
            collect(after, shape);
            if (after.isObject()) {
                member = true;
            }
            return;
        }
        for (String element : of(after, shape).children.keySet()) {
            JsonNode value = resolve(after, element, shape);
            JsonNode old = resolve(before, element, shape);
            if (value == null) {
                continue;
            }
            FieldSet child = child(element);
            if (old != null) {
                child.collectChanges(old, value, resolve(shape, element));
            } else {
                child.collect(value, resolve(shape, element));
                if (element.charAt(0) != 'f' || value.isObject()) {
                    child.member = true;
                }
            }
            if (child.isEmpty()) {
                children.remove(element);
            }
        }
    }

    /** The JSON form. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        if (member && !children.isEmpty()) {
            json.putObject(SELF);
        }
        children.forEach((element, child) -> json.set(element, child.toJson()));
        return json;
    }

    /** A path element as conflict messages show it: {@code .field} or {@code [name="x"]}. */
    static String display(String element) {
        String rest = element.substring(2);
        return switch (element.charAt(0)) {
            case 'f' -> "." + rest;
            case 'k' -> "[" + displayKey(rest) + "]";
            default -> "[=" + rest + "]";
        };
    }

    private static String displayKey(String json) {
        try {
            StringBuilder text = new StringBuilder();
            Json.parse(json)
                    .properties()
                    .forEach(
                            field ->
                                    text.append(text.isEmpty() ? "" : ",")
                                            .append(field.getKey())
                                            .append('=')
                                            .append(Json.write(field.getValue())));
            return text.toString();
        } catch (JsonProcessingException e) {
            return json;
        }
    }
}
