package io.keydb.operator.plan;

import io.keydb.operator.observe.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * Links each member to each other one, while they run; also those that are to leave, until they do,
 * as they may be the ones that hold data.
 *
 * <p>A link is made when both sides have answered, so nobody is given a name that does not resolve
 * yet. Links to servers that are not members, which a user may have made to move data, stay as they
 * are. Links to members that are gone are removed here; those to members that are about to go are
 * removed by {@link Departures}, after they have been drained.
 *
 * <p>Threads: confined to one plan.
 */
final class Links {
    private final Roster roster;
    private final List<Step> steps = new ArrayList<>();

    Links(Roster roster) {
        this.roster = roster;
        if (roster.spec().topology().mode().isReplicated()) {
            roster.observation().members().stream().filter(Links::answers).forEach(this::link);
        }
    }

    List<Step> steps() {
        return steps;
    }

    private static boolean answers(Member member) {
        return member.report().isPresent()
                && member.workload().isPresent()
                && !member.isTerminating();
    }

    private void link(Member member) {
        roster.observation().members().stream()
                .filter(Links::answers)
                .filter(peer -> peer.ordinal() != member.ordinal())
                .forEach(peer -> add(member, peer));
        removeObsolete(member);
    }

    private void add(Member member, Member peer) {
        var from = roster.names().peer(peer.ordinal());
        if (member.linkFrom(from).isEmpty()) {
            var message = member.name() + " is to receive the writes of " + peer.name();
            steps.add(new Step.Link(member, from, new Finding(Reason.LINK_MISSING, message)));
        }
    }

    private void removeObsolete(Member member) {
        var links = member.report().orElseThrow().replication().links();
        for (var link : links) {
            var ordinal = roster.names().ordinalOf(link.from());
            if (ordinal.isPresent() && isGone(ordinal.getAsInt())) {
                var message = member.name() + " has a link to a member that is gone";
                var why = new Finding(Reason.LINK_OBSOLETE, message);
                steps.add(new Step.Unlink(member, link.from(), why));
            }
        }
    }

    private boolean isGone(int ordinal) {
        return roster.observation().members().stream()
                .noneMatch(member -> member.ordinal() == ordinal);
    }
}
