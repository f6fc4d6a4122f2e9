package io.keydb.operator.plan;

import io.keydb.operator.database.Quiet;
import io.keydb.operator.database.Report;
import io.keydb.operator.observe.Member;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Takes a member out of service without losing a write it acknowledged.
 *
 * <p>Steps, the first being {@link Traffic}'s: (1) the labels send new clients elsewhere; (2) the
 * clients that are still connected are disconnected, again and again, as a proxy may lag behind the
 * labels; (3) once there have been none for a while, what the member holds is final; (4) every
 * other serving member must hold all of it, by an answer to a question asked after (3). Only then
 * may the member go.
 *
 * <p>Threads: without state.
 */
final class Draining {
    /** Longer than proxies take to follow a label. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private Draining() {}

    /** What still keeps a member that is out of service from going; empty when it may go. */
    static Optional<Finding> obstacle(Roster roster, Member member, List<Member> others) {
        var quiet = member.quiet();
        if (quiet.isEmpty()
                || Duration.between(quiet.get().since(), quiet.get().last()).compareTo(QUIET) < 0) {
            return Optional.of(
                    new Finding(Reason.DRAINING, member.name() + " still loses its clients"));
        }
        var behind =
                others.stream()
                        .filter(other -> !holdsEverything(other, quiet.get()))
                        .map(Member::name)
                        .collect(Collectors.joining(", "));
        if (behind.isEmpty()) {
            return Optional.empty();
        }
        var message = behind + " do not hold everything of " + member.name() + " yet";
        return Optional.of(new Finding(Reason.WAITING_FOR_PEERS, message));
    }

    private static boolean holdsEverything(Member other, Quiet quiet) {
        var left = quiet.replication();
        return other.report()
                .filter(report -> report.askedAt().isAfter(quiet.last()))
                .map(Report::replication)
                .filter(replication -> replication.vector().covers(left.vector()))
                .isPresent();
    }
}
