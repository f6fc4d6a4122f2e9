package io.keydb.operator.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.database.Credentials;
import io.keydb.operator.database.Password;
import io.keydb.operator.observe.Member;
import io.keydb.operator.observe.PasswordSource;
import io.keydb.operator.resources.ClusterObjects;
import io.keydb.operator.resources.Json;
import io.keydb.operator.resources.Labels;
import io.keydb.operator.resources.MemberWorkload;
import io.keydb.operator.resources.Owner;
import io.keydb.operator.resources.ServiceObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Makes the objects of a deployment what they are to be.
 *
 * <p>An object is applied when it is missing, when it lacks something that is wanted, or when what
 * is wanted has changed since it was applied, which an annotation tells; so a steady deployment
 * causes no writes. The template of a member that runs is left to {@link Rollout}.
 *
 * <p>Threads: confined to one plan.
 */
final class ObjectSteps {
    private final Roster roster;
    private final Rollout rollout;
    private final String defaultImage;
    private final List<Step> steps = new ArrayList<>();
    private final List<Finding> problems = new ArrayList<>();
    private final List<Finding> waiting = new ArrayList<>();

    ObjectSteps(Roster roster, Rollout rollout, String defaultImage, Supplier<Password> passwords) {
        this.roster = roster;
        this.rollout = rollout;
        this.defaultImage = defaultImage;
        auth(passwords);
        if (canStartMembers()) {
            shared();
            roster.wanted().forEach(this::member);
        }
    }

    List<Step> steps() {
        return steps;
    }

    List<Finding> problems() {
        return problems;
    }

    List<Finding> waiting() {
        return waiting;
    }

    private KeyDB keydb() {
        return roster.observation().keydb();
    }

    /** Without a password members would start open to everybody. */
    private boolean canStartMembers() {
        return !(roster.observation().passwordSource() instanceof PasswordSource.Unavailable)
                || roster.observation().auth().isPresent();
    }

    private void auth(Supplier<Password> passwords) {
        var known = roster.observation().auth().map(ClusterObjects::credentials);
        var current = known.flatMap(Credentials::current);
        switch (roster.observation().passwordSource()) {
            case PasswordSource.Unused() -> {}
            case PasswordSource.Generated() -> apply(secret(known, current.orElseGet(passwords)));
            case PasswordSource.Given(var password) -> apply(secret(known, password));
            case PasswordSource.Unavailable(var cause, var message) ->
                    problems.add(new Finding(reason(cause), message));
        }
    }

    private Secret secret(Optional<Credentials> known, Password password) {
        var isChange = known.flatMap(Credentials::current).filter(password::equals).isEmpty();
        var previous = known.flatMap(isChange ? Credentials::current : Credentials::previous);
        return ClusterObjects.auth(keydb(), password, previous);
    }

    private static Reason reason(PasswordSource.Cause cause) {
        return switch (cause) {
            case SECRET_MISSING -> Reason.SECRET_MISSING;
            case KEY_MISSING -> Reason.SECRET_KEY_MISSING;
            case NOT_USABLE -> Reason.PASSWORD_NOT_USABLE;
        };
    }

    private void shared() {
        apply(ClusterObjects.config(keydb()));
        apply(ServiceObjects.headless(keydb()));
        apply(ServiceObjects.readWrite(keydb()));
        apply(ServiceObjects.any(keydb()));
    }

    private void member(Member member) {
        if (MemberWorkload.hasClaim(keydb())) {
            apply(MemberWorkload.claim(keydb(), member.ordinal()));
        }
        apply(ServiceObjects.member(keydb(), member.ordinal()));
        var workload =
                MemberWorkload.statefulSet(
                        keydb(), member.ordinal(), defaultImage, member.hasJoined());
        if (member.workload().isEmpty()) {
            apply(workload, Reason.MEMBER_CREATED, member.name() + " is created");
        } else if (!rollout.isOutdated(member)) {
            apply(workload);
        } else if (rollout.isApproved(member)) {
            apply(workload, Reason.MEMBER_RESTARTED, member.name() + " gets a new pod template");
        }
    }

    private void apply(HasMetadata wanted) {
        var isNew = roster.observation().existing(wanted).isEmpty();
        var message =
                wanted.getKind()
                        + " "
                        + wanted.getMetadata().getName()
                        + (isNew ? " is created" : " is brought up to date");
        apply(wanted, isNew ? Reason.CREATED : Reason.UPDATED, message);
    }

    private void apply(HasMetadata wanted, Reason reason, String message) {
        var existing = roster.observation().existing(wanted);
        stamp(wanted);
        if (existing.isEmpty()) {
            steps.add(new Step.Apply(wanted, true, new Finding(reason, message)));
        } else if (isOfDeletedResource(existing.get())) {
            var name = wanted.getKind() + " " + wanted.getMetadata().getName();
            waiting.add(
                    new Finding(
                            Reason.WAITING_FOR_DELETION,
                            name + " of a deleted KeyDB of the same name goes"));
        } else if (!Json.contains(existing.get(), wanted)) {
            steps.add(new Step.Apply(wanted, false, new Finding(reason, message)));
        }
    }

    /**
     * Volumes are taken over from a deleted resource of the same name, everything else goes with
     * it.
     */
    private boolean isOfDeletedResource(HasMetadata existing) {
        return !(existing instanceof PersistentVolumeClaim) && !Owner.owns(keydb(), existing);
    }

    private static void stamp(HasMetadata wanted) {
        var hash = Json.hash(wanted);
        var annotations = new TreeMap<String, String>();
        if (wanted.getMetadata().getAnnotations() != null) {
            annotations.putAll(wanted.getMetadata().getAnnotations());
        }
        annotations.put(Labels.APPLIED_HASH, hash);
        wanted.getMetadata().setAnnotations(annotations);
    }
}
