package io.keydb.operator.plan;

import io.keydb.operator.database.Password;
import io.keydb.operator.observe.Member;
import io.keydb.operator.observe.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Makes a plan of an observation: asks each of the planners and puts their steps in order.
 *
 * <p>Traffic comes first, as clients wait for it; then objects; then what is said to servers, which
 * may take a moment each; then what is deleted.
 *
 * <p>Threads: safe, as long as the supplier of passwords is.
 */
public final class Planner {
    /** While something is under way that makes no event. */
    private static final Duration SOON = Duration.ofMillis(500);

    /** While something is under way that makes events, or has gone wrong. */
    private static final Duration LATER = Duration.ofSeconds(5);

    /** A look now and then, for what no event tells. */
    private static final Duration STEADY = Duration.ofSeconds(30);

    private final String defaultImage;
    private final Supplier<Password> passwords;

    /**
     * Members whose resource names no image get {@code defaultImage}; {@code passwords} makes one
     * for a new deployment.
     */
    public Planner(String defaultImage, Supplier<Password> passwords) {
        this.defaultImage = defaultImage;
        this.passwords = passwords;
    }

    /** Plans for a deployment as it is {@code now}. */
    public Plan plan(Observation observation, Instant now) {
        var roster = new Roster(observation, now);
        var spec = roster.spec();
        if (spec.paused()) {
            var states = states(roster, Rollout.none(roster));
            return new Plan(List.of(), List.of(), List.of(), states, STEADY);
        }
        var problems = new ArrayList<Finding>(Validity.problems(spec));
        var isValid = problems.isEmpty();
        var rollout = isValid ? Rollout.of(roster, defaultImage) : Rollout.none(roster);
        var traffic = new Traffic(roster, rollout.chosen());
        var departures = new Departures(roster);

        var waiting = new ArrayList<Finding>(starting(roster));
        var steps = new ArrayList<Step>(traffic.steps());
        if (isValid) {
            var objects = new ObjectSteps(roster, rollout, defaultImage, passwords);
            steps.addAll(objects.steps());
            problems.addAll(objects.problems());
            waiting.addAll(objects.waiting());
        }
        steps.addAll(passwordSteps(roster));
        steps.addAll(new Links(roster).steps());
        steps.addAll(rollout.steps());
        steps.addAll(departures.steps());
        waiting.addAll(traffic.waiting());
        waiting.addAll(rollout.waiting());
        waiting.addAll(departures.waiting());
        var recheck = recheck(steps, waiting, problems);
        return new Plan(steps, problems, waiting, states(roster, rollout), recheck);
    }

    private static List<Step> passwordSteps(Roster roster) {
        var steps = new ArrayList<Step>();
        for (var member : roster.observation().members()) {
            if (member.report().filter(report -> !report.knowsPassword()).isPresent()) {
                var message = member.name() + " is given the current password";
                var why = new Finding(Reason.PASSWORD_CHANGED, message);
                steps.add(new Step.ChangePassword(member, why));
            }
        }
        return steps;
    }

    private static List<Finding> starting(Roster roster) {
        var findings = new ArrayList<Finding>();
        for (var member : roster.wanted()) {
            if (member.failure().isPresent()) {
                var message = member.name() + " does not start: " + member.failure().get();
                findings.add(new Finding(Reason.MEMBER_FAILED, message));
            } else if (!member.isReady()) {
                var message = member.name() + " is not ready yet";
                findings.add(new Finding(Reason.WAITING_FOR_START, message));
            } else if (member.report().isEmpty() && member.silence().isPresent()) {
                var message =
                        member.name() + " does not answer the operator: " + member.silence().get();
                findings.add(new Finding(Reason.MEMBER_UNREACHABLE, message));
            }
        }
        return findings;
    }

    private static Duration recheck(
            List<Step> steps, List<Finding> waiting, List<Finding> problems) {
        var isSoon =
                waiting.stream()
                        .map(Finding::reason)
                        .anyMatch(
                                reason ->
                                        switch (reason) {
                                            case DRAINING,
                                                    WAITING_FOR_PEERS,
                                                    WAITING_FOR_MERGE,
                                                    MEMBER_LEAVING,
                                                    MEMBER_UPDATING ->
                                                    true;
                                            default -> false;
                                        });
        if (isSoon) {
            return SOON;
        }
        return steps.isEmpty() && waiting.isEmpty() && problems.isEmpty() ? STEADY : LATER;
    }

    private static Map<Integer, MemberState> states(Roster roster, Rollout rollout) {
        var states = new HashMap<Integer, MemberState>();
        for (var member : roster.observation().members()) {
            states.put(member.ordinal(), state(roster, rollout, member));
        }
        return states;
    }

    private static MemberState state(Roster roster, Rollout rollout, Member member) {
        if (!roster.isWanted(member)) {
            return MemberState.LEAVING;
        }
        if (member.failure().isPresent()) {
            return MemberState.FAILED;
        }
        if (rollout.isApproved(member) || rollout.chosen().filter(member::equals).isPresent()) {
            return MemberState.UPDATING;
        }
        if (member.pod().isEmpty() || member.address().isEmpty()) {
            return MemberState.PENDING;
        }
        if (!member.isReady()) {
            return MemberState.STARTING;
        }
        return member.isServing() ? MemberState.SERVING : MemberState.JOINING;
    }
}
