package io.keydb.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.database.Credentials;
import io.keydb.operator.resources.ClusterObjects;
import io.keydb.operator.resources.Names;
import java.util.List;
import java.util.Optional;

/**
 * Everything a plan is made from.
 *
 * @param keydb the resource
 * @param members those that are wanted and those that exist, by ordinal
 * @param objects the objects that carry the deployment's label, of every kind the operator makes
 * @param auth the deployment's own Secret
 * @param passwordSource where the password comes from
 *     <p>Threads: immutable, as long as nobody changes the fabric8 objects inside.
 */
public record Observation(
        KeyDB keydb,
        List<Member> members,
        List<HasMetadata> objects,
        Optional<Secret> auth,
        PasswordSource passwordSource) {

    public Observation {
        members = List.copyOf(members);
        objects = List.copyOf(objects);
    }

    /** The names of what belongs to the deployment. */
    public Names names() {
        return Names.of(keydb);
    }

    /** The existing object of the kind and name of {@code wanted}. */
    public Optional<HasMetadata> existing(HasMetadata wanted) {
        return objects.stream()
                .filter(object -> object.getKind().equals(wanted.getKind()))
                .filter(object -> isNamed(object, wanted.getMetadata().getName()))
                .findFirst();
    }

    private static boolean isNamed(HasMetadata object, String name) {
        return object.getMetadata().getName().equals(name);
    }

    /** What to log in with. */
    public Credentials credentials() {
        if (!keydb.getSpec().auth().enabled()) {
            return Credentials.NONE;
        }
        return auth.map(ClusterObjects::credentials).orElse(Credentials.NONE);
    }
}
