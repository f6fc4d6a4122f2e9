package io.keydb.e2e.controlplane.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keydb.e2e.controlplane.json.Json;
import io.keydb.e2e.controlplane.merge.ManagedFields.Owner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Server-side apply: an owner states the fields it cares about; they are merged into the live
 * object, and what it stated before and no longer states goes away unless someone else owns it.
 *
 * <pre>
 *   applied ──────────────┐
 *   live ── conflicts? ───┼─ merge ── remove (owned before − owned now − owned by others) ── result
 *   managedFields ────────┘
 * </pre>
 *
 * <p>Threads: stateless.
 */
public final class ServerSideApply {

    /** A field that someone else owns with another value. */
    public record Conflict(String manager, String field) {}

    /** The live object differs in fields of other owners, and the request does not force. */
    public static final class Conflicts extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient List<Conflict> conflicts;

        Conflicts(List<Conflict> conflicts) {
            super("apply conflicts");
            this.conflicts = List.copyOf(conflicts);
        }

        public List<Conflict> conflicts() {
            return conflicts;
        }
    }

    /**
     * What an owner applies.
     *
     * @param document the applied document, whole
     * @param owner who applies it
     * @param force whether to take fields from other owners
     * @param time stamp for changed ownership
     */
    public record Application(JsonNode document, Owner owner, boolean force, String time) {}

    private ServerSideApply() {}

    /** The live object with the application merged in, managed fields included. */
    public static ObjectNode apply(ObjectNode live, Application application, Shape shape) {
        JsonNode document = Merging.withoutNulls(application.document());
        Owner owner = application.owner();
        ManagedFields managed = ManagedFields.of(live);
        FieldSet stated = FieldSet.of(ManagedFields.tracked(document), shape);
        stated.clearMember();

        List<Conflict> conflicts = new ArrayList<>();
        FieldSet contested = new FieldSet();
        managed.forEachOther(
                owner,
                (manager, fields) -> {
                    Contest contest = new Contest(manager, conflicts);
                    contest.find(stated, fields, new Place(live, document, shape, ""), contested);
                });
        if (!conflicts.isEmpty() && !application.force()) {
            throw new Conflicts(conflicts);
        }
        managed.takeFromOthers(owner, contested);

        ObjectNode merged = (ObjectNode) Merging.merge(live, document, shape);
        drop(merged, managed.fields(owner), stated, managed.fieldsOfOthers(owner), shape);
        managed.assign(
                owner, Json.text(application.document(), "apiVersion"), stated, application.time());
        managed.writeTo(merged, shape);
        return merged;
    }

    /** Removes what was stated before, is not now, and belongs to nobody else. */
    private static void drop(
            JsonNode container,
            FieldSet before,
            @Nullable FieldSet now,
            @Nullable FieldSet others,
            Shape shape) {
        for (var entry : before.children().entrySet()) {
            String element = entry.getKey();
            FieldSet had = entry.getValue();
            FieldSet has = now == null ? null : now.find(element);
            FieldSet foreign = others == null ? null : others.find(element);
            JsonNode value = FieldSet.resolve(container, element, shape);
            if (value == null) {
                continue;
            }
            if (had.isMember() && has == null && foreign == null) {
                Merging.removeElement(container, element, shape);
                continue;
            }
            if (!had.children().isEmpty() && value.isContainerNode()) {
                boolean wasEmpty = value.isEmpty();
                drop(value, had, has, foreign, FieldSet.resolve(shape, element));
                if (value.isEmpty() && !wasEmpty && has == null && foreign == null) {
                    Merging.removeElement(container, element, shape);
                }
            }
        }
    }

    /** One place in the live and the applied document. */
    private record Place(JsonNode live, JsonNode applied, Shape shape, String path) {}

    /** Looks for fields of one other owner that the application would change. */
    private record Contest(String manager, List<Conflict> conflicts) {

        void find(FieldSet stated, FieldSet theirs, Place place, FieldSet contested) {
            for (var entry : stated.children().entrySet()) {
                String element = entry.getKey();
                FieldSet other = theirs.find(element);
                JsonNode live = FieldSet.resolve(place.live(), element, place.shape());
                JsonNode applied = FieldSet.resolve(place.applied(), element, place.shape());
                if (other == null || live == null || applied == null || live.equals(applied)) {
                    continue;
                }
                String path = place.path() + FieldSet.display(element);
                Shape shape = FieldSet.resolve(place.shape(), element);
                boolean whole = entry.getValue().children().isEmpty() || other.children().isEmpty();
                if (whole
                        && element.charAt(0) == 'f'
                        && (other.isMember() && entry.getValue().isMember())) {
                    conflicts.add(new Conflict(manager, path));
                    contested.child(element).markMember();
                } else {
                    find(
                            entry.getValue(),
                            other,
                            new Place(live, applied, shape, path),
                            contested.child(element));
                }
            }
        }
    }
}
