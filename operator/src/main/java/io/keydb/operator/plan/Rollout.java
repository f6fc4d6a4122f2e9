package io.keydb.operator.plan;

import io.keydb.operator.observe.Member;
import io.keydb.operator.resources.Labels;
import io.keydb.operator.resources.MemberWorkload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings members to a new pod template, one after another.
 *
 * <ol>
 *   <li>A member that is not ready gets the template at once, if somebody else serves or it does
 *       not start: so a bad template is undone by reverting the resource, also when the pod with
 *       the bad one never gets ready.
 *   <li>Otherwise all wanted members have to serve. Then the next one is chosen: first those that
 *       take no writes, by falling ordinal; the one that takes the writes comes last.
 *   <li>The chosen one is drained ({@link Draining}) and gets the template; its pod is made anew.
 *   <li>It joins again, and the next one is chosen. A chosen member is recognised by being ready,
 *       outdated and out of service.
 * </ol>
 *
 * <p>If nobody else serves, as in a deployment of one, there is nothing to drain to, and the member
 * is restarted as it is.
 *
 * <p>Threads: confined to one plan.
 */
final class Rollout {
    /** Longer than a restart of a server takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Roster roster;
    private final Map<Integer, String> wantedHashes = new HashMap<>();
    private final Set<Integer> approved = new HashSet<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Finding> waiting = new ArrayList<>();
    private Optional<Member> chosen = Optional.empty();

    private Rollout(Roster roster) {
        this.roster = roster;
    }

    /** Leaves all members as they are. */
    static Rollout none(Roster roster) {
        return new Rollout(roster);
    }

    /** Brings members to the template that the specification asks for. */
    static Rollout of(Roster roster, String defaultImage) {
        var rollout = new Rollout(roster);
        rollout.compare(defaultImage);
        rollout.decide();
        return rollout;
    }

    private void compare(String defaultImage) {
        for (var member : roster.wanted()) {
            var wanted =
                    MemberWorkload.statefulSet(
                            roster.observation().keydb(), member.ordinal(), defaultImage, false);
            var hash = wanted.getMetadata().getAnnotations().get(Labels.TEMPLATE_HASH);
            wantedHashes.put(member.ordinal(), String.valueOf(hash));
        }
    }

    /** Whether a member's StatefulSet has a template that is not the wanted one. */
    boolean isOutdated(Member member) {
        return member.workload().isPresent()
                && wantedHashes.containsKey(member.ordinal())
                && !member.templateHash()
                        .equals(Optional.ofNullable(wantedHashes.get(member.ordinal())));
    }

    /** Whether a member may get the wanted template now. */
    boolean isApproved(Member member) {
        return approved.contains(member.ordinal());
    }

    /** The member that is being taken out of service to be restarted. */
    Optional<Member> chosen() {
        return chosen;
    }

    List<Step> steps() {
        return steps;
    }

    List<Finding> waiting() {
        return waiting;
    }

    private void decide() {
        var outdated = roster.wanted().stream().filter(this::isOutdated).toList();
        if (outdated.isEmpty()) {
            return;
        }
        var ordinals = new TreeSet<Integer>();
        for (var member : outdated) {
            if (!member.isReady() && mayRestartUnready(member)) {
                approved.add(member.ordinal());
            }
            ordinals.add(member.ordinal());
        }
        waiting.add(
                new Finding(
                        Reason.MEMBER_UPDATING, "members " + ordinals + " are to be restarted"));
        choose(outdated).ifPresent(this::drain);
    }

    private Optional<Member> choose(List<Member> outdated) {
        var drained =
                outdated.stream()
                        .filter(Member::isReady)
                        .filter(member -> !member.isServing())
                        .findFirst();
        if (drained.isPresent()) {
            return drained;
        }
        var isComplete = roster.wanted().stream().allMatch(this::isSettled);
        if (!isComplete) {
            return Optional.empty();
        }
        return outdated.stream()
                .min(
                        Comparator.comparing(Member::isWriting)
                                .thenComparing(Member::ordinal, Comparator.reverseOrder()));
    }

    /** Whether a member serves with the template of its StatefulSet. */
    private boolean isSettled(Member member) {
        return member.isInService() && member.runsTemplateOfWorkload();
    }

    /**
     * A member that does not start, or without which somebody serves; not one that is merely slow
     * to answer and may hold the only data.
     */
    private boolean mayRestartUnready(Member member) {
        return member.pod().isEmpty()
                || member.failure().isPresent()
                || !member.hasJoined()
                || !roster.otherWantedInService(member).isEmpty()
                || member.unreadySince()
                        .filter(since -> !since.plus(PATIENCE).isAfter(roster.now()))
                        .isPresent();
    }

    private void drain(Member member) {
        var others = roster.otherWantedInService(member);
        if (others.isEmpty()) {
            approved.add(member.ordinal());
            return;
        }
        chosen = Optional.of(member);
        if (member.isServing()) {
            return;
        }
        if (!member.hasJoined()) {
            approved.add(member.ordinal());
            return;
        }
        var obstacle = Draining.obstacle(roster, member, others);
        if (obstacle.isEmpty()) {
            approved.add(member.ordinal());
        } else {
            waiting.add(obstacle.get());
            steps.add(new Step.Disconnect(member, obstacle.get()));
        }
    }
}
