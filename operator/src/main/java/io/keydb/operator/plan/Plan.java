package io.keydb.operator.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What to do now, what to wait for, and when to look again if nothing happens.
 *
 * @param steps in the order in which to take them; a step that fails does not keep the others from
 *     being taken
 * @param problems what the user has to correct
 * @param waiting what has to happen before more can be done
 * @param states where each member stands, by ordinal
 *     <p>Threads: immutable.
 */
public record Plan(
        List<Step> steps,
        List<Finding> problems,
        List<Finding> waiting,
        Map<Integer, MemberState> states,
        Duration recheck) {

    public Plan {
        steps = List.copyOf(steps);
        problems = List.copyOf(problems);
        waiting = List.copyOf(waiting);
        states = Map.copyOf(states);
    }

    /** Whether nothing is to be done and nothing to be waited for. */
    public boolean isSettled() {
        return steps.isEmpty() && waiting.isEmpty();
    }
}
