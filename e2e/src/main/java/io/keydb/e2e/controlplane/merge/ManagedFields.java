package io.keydb.e2e.controlplane.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Who owns which fields of one object: the {@code metadata.managedFields} list.
 *
 * <p>Threads: confined to one request.
 */
public final class ManagedFields {

    /** How an owner came by its fields. */
    public enum Operation {
        APPLY("Apply"),
        UPDATE("Update");

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        static Operation of(String text) {
            return text.equals("Apply") ? APPLY : UPDATE;
        }
    }

    /**
     * Identity of an owner.
     *
     * @param name the field manager's name
     * @param operation how it writes
     * @param subresource the subresource it writes through, or the empty string
     */
    public record Owner(String name, Operation operation, String subresource) {}

    private static final Set<String> UNTRACKED_METADATA =
            Set.of(
                    "name",
                    "namespace",
                    "generateName",
                    "creationTimestamp",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds",
                    "uid",
                    "generation",
                    "resourceVersion",
                    "selfLink",
                    "managedFields");

    private static final class Entry {
        final Owner owner;
        String apiVersion;
        String time;
        FieldSet fields;

        Entry(Owner owner, String apiVersion, String time, FieldSet fields) {
            this.owner = owner;
            this.apiVersion = apiVersion;
            this.time = time;
            this.fields = fields;
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    private ManagedFields() {}

    /** The owners an object lists. */
    public static ManagedFields of(JsonNode object) {
        ManagedFields managed = new ManagedFields();
        for (JsonNode entry : Json.at(object, "metadata", "managedFields")) {
            managed.entries.add(
                    new Entry(
                            new Owner(
                                    Json.text(entry, "manager"),
                                    Operation.of(Json.text(entry, "operation")),
                                    Json.text(entry, "subresource")),
                            Json.text(entry, "apiVersion"),
                            Json.text(entry, "time"),
                            FieldSet.parse(entry.path("fieldsV1"))));
        }
        return managed;
    }

    /** A copy of an object without the fields that nobody owns. */
    public static ObjectNode tracked(JsonNode object) {
        ObjectNode copy = ((ObjectNode) object).deepCopy();
        copy.remove(List.of("apiVersion", "kind"));
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(UNTRACKED_METADATA);
            if (metadata.isEmpty()) {
                copy.remove("metadata");
            }
        }
        return copy;
    }

    /** What an owner holds; an empty set for one that is not listed. */
    FieldSet fields(Owner owner) {
        return entries.stream()
                .filter(entry -> entry.owner.equals(owner))
                .map(entry -> entry.fields)
                .findFirst()
                .orElseGet(FieldSet::new);
    }

    /** What all owners but one hold together. */
    FieldSet fieldsOfOthers(Owner owner) {
        FieldSet union = new FieldSet();
        entries.stream()
                .filter(entry -> !entry.owner.equals(owner))
                .forEach(entry -> union.add(entry.fields));
        return union;
    }

    /** Visits every other owner. */
    void forEachOther(Owner owner, java.util.function.BiConsumer<String, FieldSet> visitor) {
        for (Entry entry : entries) {
            if (!entry.owner.equals(owner)) {
                visitor.accept(displayName(entry), entry.fields);
            }
        }
    }

    private static String displayName(Entry entry) {
        String quoted = "\"" + entry.owner.name + "\"";
        if (!entry.owner.subresource.isEmpty()) {
            quoted += " with subresource \"" + entry.owner.subresource + "\"";
        }
        return entry.owner.operation == Operation.UPDATE
                ? quoted + " using " + entry.apiVersion
                : quoted;
    }

    /** Takes fields from everyone but one owner. */
    void takeFromOthers(Owner owner, FieldSet taken) {
        entries.stream()
                .filter(entry -> !entry.owner.equals(owner))
                .forEach(entry -> entry.fields.remove(taken));
    }

    /** Makes a set all that an owner holds; the time changes only when the set does. */
    void assign(Owner owner, String apiVersion, FieldSet fields, String time) {
        for (Entry entry : entries) {
            if (entry.owner.equals(owner)) {
                if (!entry.fields.toJson().equals(fields.toJson())) {
                    entry.time = time;
                }
                entry.fields = fields;
                entry.apiVersion = apiVersion;
                return;
            }
        }
        entries.add(new Entry(owner, apiVersion, time, fields));
    }

    /** Records a write that was not an apply: what it changed is its writer's alone. */
    public void recordUpdate(
            Owner owner,
            String apiVersion,
            JsonNode before,
            JsonNode after,
            Shape shape,
            String time) {
        FieldSet changed = FieldSet.changes(tracked(before), tracked(after), shape);
        changed.clearMember();
        takeFromOthers(owner, changed);
        if (!changed.isEmpty()) {
            FieldSet mine = fields(owner);
            mine.add(changed);
            assign(owner, apiVersion, mine, time);
        }
    }

    /** Drops what no longer exists and writes the list into an object. */
    public void writeTo(ObjectNode object, Shape shape) {
        ObjectNode tracked = tracked(object);
        ArrayNode list = Json.array();
        for (Entry entry : entries) {
            entry.fields.retainExisting(tracked, shape);
            if (entry.fields.isEmpty()) {
                continue;
            }
            ObjectNode item = list.addObject();
            item.put("manager", entry.owner.name).put("operation", entry.owner.operation.text);
            item.put("apiVersion", entry.apiVersion)
                    .put("time", entry.time)
                    .put("fieldsType", "FieldsV1");
            item.set("fieldsV1", entry.fields.toJson());
            if (!entry.owner.subresource.isEmpty()) {
                item.put("subresource", entry.owner.subresource);
            }
        }
        ObjectNode metadata = Json.ensure(object, "metadata");
        if (list.isEmpty()) {
            metadata.remove("managedFields");
        } else {
            metadata.set("managedFields", list);
        }
    }
}
