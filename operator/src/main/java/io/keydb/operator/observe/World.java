package io.keydb.operator.observe;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.crd.v1alpha1.SecretKeyReference;
import io.keydb.operator.database.Endpoint;
import io.keydb.operator.database.MemberWatch;
import io.keydb.operator.database.Password;
import io.keydb.operator.resources.ClusterObjects;
import io.keydb.operator.resources.Labels;
import io.keydb.operator.resources.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes observations, and keeps the watch on the members that it sees.
 *
 * <p>Two things are read from the API server itself, not from a cache: the deployment's own Secret
 * when the cache has none, because a second password made from a stale cache would lock everybody
 * out; and the user's Secret, because the operator keeps no copy of Secrets that are not its own.
 *
 * <p>Threads: safe.
 */
public final class World {
    private final KubernetesClient client;
    private final MemberWatch<Names> watch;

    public World(KubernetesClient client, MemberWatch<Names> watch) {
        this.client = client;
        this.watch = watch;
    }

    /** Observes one deployment. */
    public Observation observe(KeyDB keydb, Cache cache) {
        var names = Names.of(keydb);
        var objects = new ArrayList<HasMetadata>();
        objects.addAll(cache.all(ConfigMap.class));
        objects.addAll(cache.all(Service.class));
        objects.addAll(cache.all(PersistentVolumeClaim.class));
        var workloads = cache.all(StatefulSet.class);
        objects.addAll(workloads);
        var auth = auth(names, cache.all(Secret.class));
        auth.ifPresent(objects::add);
        var members = members(keydb, workloads, cache.all(Pod.class));
        var observation =
                new Observation(keydb, members, objects, auth, passwordSource(keydb, names));
        keepWatch(names, observation);
        return observation;
    }

    private List<Member> members(
            KeyDB keydb, Collection<StatefulSet> workloads, Collection<Pod> pods) {
        var names = Names.of(keydb);
        var workloadOf = byOrdinal(workloads);
        var podOf = byOrdinal(pods);
        var members = new TreeMap<Integer, Member>();
        for (var i = 0; i < keydb.getSpec().members(); i++) {
            members.put(i, member(names, i, workloadOf, podOf));
        }
        for (var ordinal : workloadOf.keySet()) {
            members.computeIfAbsent(ordinal, i -> member(names, i, workloadOf, podOf));
        }
        for (var ordinal : podOf.keySet()) {
            members.computeIfAbsent(ordinal, i -> member(names, i, workloadOf, podOf));
        }
        return List.copyOf(members.values());
    }

    private Member member(
            Names names, int ordinal, Map<Integer, StatefulSet> workloads, Map<Integer, Pod> pods) {
        var pod = Optional.ofNullable(pods.get(ordinal));
        var uid = pod.map(found -> found.getMetadata().getUid());
        return new Member(
                ordinal,
                names.member(ordinal),
                Optional.ofNullable(workloads.get(ordinal)),
                pod,
                uid.flatMap(id -> watch.report(names, id)),
                uid.flatMap(id -> watch.silence(names, id)),
                uid.flatMap(id -> watch.quiet(names, id)));
    }

    private static <T extends HasMetadata> Map<Integer, T> byOrdinal(Collection<T> objects) {
        return objects.stream()
                .filter(object -> ordinal(object).isPresent())
                .collect(
                        Collectors.toMap(
                                object -> ordinal(object).orElseThrow(),
                                Function.identity(),
                                (one, other) -> one));
    }

    private static Optional<Integer> ordinal(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getLabels())
                .map(labels -> labels.get(Labels.ORDINAL))
                .filter(text -> text.matches("\\d{1,3}"))
                .map(Integer::valueOf);
    }

    private Optional<Secret> auth(Names names, Collection<Secret> cached) {
        return cached.stream()
                .filter(secret -> secret.getMetadata().getName().equals(names.auth()))
                .findFirst()
                .or(() -> secret(names.namespace(), names.auth()))
                .filter(secret -> secret.getMetadata().getLabels() != null)
                .filter(
                        secret ->
                                names.cluster()
                                        .equals(
                                                secret.getMetadata()
                                                        .getLabels()
                                                        .get(Labels.CLUSTER)));
    }

    private PasswordSource passwordSource(KeyDB keydb, Names names) {
        var auth = keydb.getSpec().auth();
        if (!auth.enabled()) {
            return new PasswordSource.Unused();
        }
        var reference = auth.passwordSecretRef();
        if (reference == null) {
            return new PasswordSource.Generated();
        }
        return secret(names.namespace(), reference.name())
                .map(secret -> given(secret, reference))
                .orElseGet(
                        () ->
                                new PasswordSource.Unavailable(
                                        PasswordSource.Cause.SECRET_MISSING,
                                        "auth.passwordSecretRef names the Secret "
                                                + reference.name()
                                                + ", which does not exist"));
    }

    private static PasswordSource given(Secret secret, SecretKeyReference reference) {
        var password = ClusterObjects.password(secret, reference.key());
        var where = "the Secret " + reference.name() + ", key " + reference.key() + ", ";
        if (password.isEmpty()) {
            return new PasswordSource.Unavailable(
                    PasswordSource.Cause.KEY_MISSING,
                    "auth.passwordSecretRef names " + where + "which does not exist");
        }
        if (!isUsable(password.get())) {
            return new PasswordSource.Unavailable(
                    PasswordSource.Cause.NOT_USABLE,
                    "auth.passwordSecretRef names "
                            + where
                            + "which is empty, longer than 512 characters or has control characters");
        }
        return new PasswordSource.Given(password.get());
    }

    /** What a line of a configuration file can hold. */
    private static boolean isUsable(Password password) {
        var value = password.value();
        return !value.isEmpty()
                && value.length() <= 512
                && value.chars().noneMatch(Character::isISOControl);
    }

    private Optional<Secret> secret(String namespace, String name) {
        return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(name).get());
    }

    private void keepWatch(Names names, Observation observation) {
        var targets = new ArrayList<MemberWatch.Target>();
        for (var member : observation.members()) {
            var uid = member.podUid();
            var address = member.address();
            if (uid.isPresent() && address.isPresent()) {
                targets.add(target(uid.get(), address.get(), observation));
            }
            if (uid.isPresent() && member.isServing()) {
                watch.backInService(names, uid.get());
            }
        }
        watch.watch(names, targets);
    }

    private static MemberWatch.Target target(String uid, Endpoint at, Observation observation) {
        return new MemberWatch.Target(uid, at, observation.credentials());
    }
}
