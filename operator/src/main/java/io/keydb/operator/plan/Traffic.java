package io.keydb.operator.plan;

import io.keydb.crd.v1alpha1.WritePolicy;
import io.keydb.operator.observe.Member;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides to which members clients come, and to which writes go.
 *
 * <ol>
 *   <li>A ready member that serves goes on serving, whatever its peers do; unless it leaves or is
 *       to be restarted, and another one stays.
 *   <li>A ready member that does not serve yet begins once it has merged with all that serve.
 *   <li>If none serves, all that are wanted begin together when all are ready and merged. If some
 *       do not come within {@link #PATIENCE}, the one that holds most begins alone; and if any
 *       member of the deployment was in service before, only one that was: an empty member never
 *       stands in for one with data.
 *   <li>If none is ready, the labels stay as they are: whoever served before serves again as soon
 *       as it is ready.
 *   <li>Writes go to every serving member, or with {@code Preferred} to one: the wished one if it
 *       serves, else the one that has them, else the lowest.
 * </ol>
 *
 * <p>Labels are given before they are taken, so that no moment is without a member to go to.
 *
 * <p>Threads: confined to one plan.
 */
final class Traffic {
    /** How long members that are there wait for one that is not. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Roster roster;
    private final Optional<Member> toRestart;
    private final List<Step> steps = new ArrayList<>();
    private final List<Finding> waiting = new ArrayList<>();

    Traffic(Roster roster, Optional<Member> toRestart) {
        this.roster = roster;
        this.toRestart = toRestart;
        route();
    }

    List<Step> steps() {
        return steps;
    }

    List<Finding> waiting() {
        return waiting;
    }

    private void route() {
        var serving = serving();
        if (serving.isEmpty()) {
            return;
        }
        var writing = writing(serving.values());
        var given = new ArrayList<Step>();
        var taken = new ArrayList<Step>();
        for (var member : roster.observation().members()) {
            var serves = serving.containsKey(member.ordinal());
            var writes = writing.contains(member.ordinal());
            if (member.pod().isEmpty()
                    || (member.isServing() == serves && member.isWriting() == writes)) {
                continue;
            }
            var isGiven = (serves && !member.isServing()) || (writes && !member.isWriting());
            var why = why(member, serves, writes);
            (isGiven ? given : taken).add(new Step.Route(member.pod().get(), serves, writes, why));
        }
        steps.addAll(given);
        steps.addAll(taken);
    }

    private SortedMap<Integer, Member> serving() {
        var serving = new TreeMap<Integer, Member>();
        var inService = roster.inService();
        inService.stream().filter(this::mayStay).forEach(m -> serving.put(m.ordinal(), m));
        if (serving.isEmpty()) {
            // Whoever is to go stays until another one can serve in its place.
            inService.forEach(member -> serving.put(member.ordinal(), member));
        }
        var candidates = roster.wanted().stream().filter(this::isCandidate).toList();
        var joining = inService.isEmpty() ? first(candidates) : merged(candidates, inService);
        joining.forEach(member -> serving.put(member.ordinal(), member));
        return serving;
    }

    private boolean mayStay(Member member) {
        return roster.isWanted(member) && !isToRestart(member);
    }

    private boolean isToRestart(Member member) {
        return toRestart.filter(chosen -> chosen.ordinal() == member.ordinal()).isPresent();
    }

    /**
     * Who might begin to serve: wanted, ready, known to the operator, and not a pod that is about
     * to be replaced.
     */
    private boolean isCandidate(Member member) {
        return mayStay(member)
                && member.isReady()
                && !member.isServing()
                && member.report().isPresent()
                && member.runsTemplateOfWorkload();
    }

    private List<Member> merged(List<Member> candidates, List<Member> inService) {
        var joining = new ArrayList<Member>();
        for (var candidate : candidates) {
            if (inService.stream().allMatch(serving -> roster.isMerged(candidate, serving))) {
                joining.add(candidate);
            } else {
                var message = candidate.name() + " has not merged with all that serve yet";
                waiting.add(new Finding(Reason.WAITING_FOR_MERGE, message));
            }
        }
        return joining;
    }

    private List<Member> first(List<Member> candidates) {
        if (candidates.isEmpty()) {
            return List.of();
        }
        if (candidates.size() == roster.wanted().size() && areMerged(candidates)) {
            return candidates;
        }
        var hasServedBefore = roster.observation().members().stream().anyMatch(Member::hasJoined);
        var eligible = candidates.stream().filter(member -> !hasServedBefore || member.hasJoined());
        var readySince =
                candidates.stream()
                        .flatMap(member -> member.readySince().stream())
                        .min(Comparator.naturalOrder())
                        .orElse(Instant.MAX);
        var best = eligible.max(Comparator.comparing(this::holds).thenComparing(this::lowest));
        if (best.isPresent() && !readySince.plus(PATIENCE).isAfter(roster.now())) {
            return List.of(best.get());
        }
        var message =
                best.isPresent()
                        ? "members wait for each other before the first one serves"
                        : "no member that has been in service before is ready";
        waiting.add(new Finding(Reason.WAITING_FOR_MERGE, message));
        return List.of();
    }

    private boolean areMerged(List<Member> members) {
        return members.stream()
                .allMatch(
                        one ->
                                members.stream()
                                        .filter(other -> other.ordinal() != one.ordinal())
                                        .allMatch(other -> roster.isMerged(one, other)));
    }

    private BigInteger holds(Member member) {
        return member.report()
                .map(report -> report.replication().vector().total())
                .orElse(BigInteger.ZERO);
    }

    private int lowest(Member member) {
        return -member.ordinal();
    }

    private List<Integer> writing(Collection<Member> serving) {
        if (roster.spec().traffic().writePolicy() == WritePolicy.ANY) {
            return serving.stream().map(Member::ordinal).toList();
        }
        var preferred = roster.spec().traffic().preferredMember();
        return serving.stream()
                .min(
                        Comparator.comparing(
                                        (Member member) ->
                                                preferred == null || member.ordinal() != preferred)
                                .thenComparing(member -> !member.isWriting())
                                .thenComparing(Member::ordinal))
                .map(Member::ordinal)
                .stream()
                .toList();
    }

    private Finding why(Member member, boolean serves, boolean writes) {
        if (serves && !member.isServing()) {
            var message = member.name() + " serves" + (writes ? " and takes writes" : "");
            return new Finding(Reason.MEMBER_JOINED, message);
        }
        if (writes && !member.isWriting()) {
            return writesMoveTo(member);
        }
        if (!roster.isWanted(member)) {
            return new Finding(Reason.MEMBER_LEAVING, member.name() + " is no longer wanted");
        }
        if (isToRestart(member)) {
            var message = member.name() + " is taken out of service to be restarted";
            return new Finding(Reason.MEMBER_UPDATING, message);
        }
        if (!member.isReady()) {
            return new Finding(Reason.MEMBER_UNREADY, member.name() + " is not ready");
        }
        return new Finding(Reason.TRAFFIC_MOVED, "writes no longer go to " + member.name());
    }

    private Finding writesMoveTo(Member member) {
        var before = roster.observation().members().stream().filter(Member::isWriting).findFirst();
        var isForced = before.filter(writer -> !writer.isReady()).isPresent();
        var message =
                "writes go to "
                        + member.name()
                        + before.map(writer -> ", before to " + writer.name()).orElse("")
                        + (isForced ? ", which is not ready" : "");
        return new Finding(isForced ? Reason.FAILING_OVER : Reason.TRAFFIC_MOVED, message);
    }
}
