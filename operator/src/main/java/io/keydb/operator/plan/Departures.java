package io.keydb.operator.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.keydb.crd.v1alpha1.PersistenceType;
import io.keydb.crd.v1alpha1.ReclaimPolicy;
import io.keydb.operator.observe.Member;
import io.keydb.operator.resources.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes the members that are no longer wanted.
 *
 * <ol>
 *   <li>{@link Traffic} takes them out of service, {@link Draining} waits until the others hold
 *       everything.
 *   <li>The others forget their links to it, then its StatefulSet goes, and Kubernetes ends the
 *       pod.
 *   <li>When the pod is gone, so go the service and, if the user wants that, the volume.
 * </ol>
 *
 * <p>A member that cannot be asked gets some time to come back. After that it goes anyway if its
 * volume stays, or if it had none: waiting longer saves nothing. If its volume is to be deleted,
 * the member stays until it has been asked, as it may hold the only copy of a write.
 *
 * <p>Threads: confined to one plan.
 */
final class Departures {
    /** Longer than a restart of a server takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Roster roster;
    private final List<Step> steps = new ArrayList<>();
    private final List<Finding> waiting = new ArrayList<>();

    Departures(Roster roster) {
        this.roster = roster;
        roster.leaving().forEach(this::remove);
        leftovers();
    }

    List<Step> steps() {
        return steps;
    }

    List<Finding> waiting() {
        return waiting;
    }

    private void remove(Member member) {
        if (member.workload().isEmpty()) {
            var message = "the pod of " + member.name() + " ends";
            waiting.add(new Finding(Reason.WAITING_FOR_DELETION, message));
            return;
        }
        if (!member.hasJoined()) {
            delete(member, member.name() + " is no longer wanted and was never in service");
            return;
        }
        if (!member.isReady()) {
            removeUnready(member);
            return;
        }
        if (member.isServing()) {
            waiting.add(leaving(member));
            return;
        }
        var others = roster.otherWantedInService(member);
        if (others.isEmpty()) {
            waiting.add(
                    new Finding(
                            Reason.WAITING_FOR_PEERS,
                            member.name() + " stays until a member that stays serves"));
            return;
        }
        var obstacle = Draining.obstacle(roster, member, others);
        if (obstacle.isPresent()) {
            waiting.add(obstacle.get());
            steps.add(new Step.Disconnect(member, obstacle.get()));
        } else {
            delete(member, "the other members hold everything of " + member.name());
        }
    }

    private void removeUnready(Member member) {
        var unreadyFor =
                member.unreadySince()
                        .map(since -> Duration.between(since, roster.now()))
                        .orElse(PATIENCE);
        if (unreadyFor.compareTo(PATIENCE) < 0) {
            waiting.add(leaving(member));
        } else if (losesItsVolume()) {
            waiting.add(
                    new Finding(
                            Reason.MEMBER_UNREACHABLE,
                            member.name()
                                    + " is not ready, and its volume, which would be deleted, may hold the only copy of a write; set"
                                    + " persistence.reclaim.whenScaled to Retain to go on without it"));
        } else {
            delete(member, member.name() + " is no longer wanted and has not been ready for long");
        }
    }

    private boolean losesItsVolume() {
        var persistence = roster.spec().persistence();
        return persistence.type() == PersistenceType.PERSISTENT
                && persistence.reclaim().whenScaled() == ReclaimPolicy.DELETE;
    }

    private static Finding leaving(Member member) {
        return new Finding(Reason.MEMBER_LEAVING, member.name() + " is no longer wanted");
    }

    private void delete(Member member, String message) {
        var why = new Finding(Reason.MEMBER_REMOVED, message);
        var peer = roster.names().peer(member.ordinal());
        for (var other : roster.wanted()) {
            if (other.linkFrom(peer).isPresent()) {
                var unlink = other.name() + " is to forget " + member.name();
                steps.add(new Step.Unlink(other, peer, new Finding(Reason.LINK_OBSOLETE, unlink)));
            }
        }
        member.workload().ifPresent(workload -> steps.add(new Step.Delete(workload, why)));
    }

    /** Services and volumes of members of which nothing runs any more. */
    private void leftovers() {
        var gone = roster.observation().objects().stream().filter(this::isOfGoneMember).toList();
        for (var object : gone) {
            if (object instanceof Service) {
                var message = "service " + object.getMetadata().getName() + " leads nowhere";
                steps.add(new Step.Delete(object, new Finding(Reason.UPDATED, message)));
            } else if (object instanceof PersistentVolumeClaim && losesItsVolume()) {
                var message = "volume claim " + object.getMetadata().getName() + " was deleted";
                steps.add(new Step.Delete(object, new Finding(Reason.VOLUME_DELETED, message)));
            }
        }
    }

    private boolean isOfGoneMember(HasMetadata object) {
        var ordinal =
                Optional.ofNullable(object.getMetadata().getLabels())
                        .map(labels -> labels.get(Labels.ORDINAL));
        return ordinal.isPresent()
                && roster.observation().members().stream()
                        .noneMatch(
                                member -> Integer.toString(member.ordinal()).equals(ordinal.get()));
    }
}
