package io.keydb.operator.status;

import io.keydb.crd.v1alpha1.LinkStatus;
import io.keydb.operator.database.Link;
import io.keydb.operator.database.LinkState;
import io.keydb.operator.observe.Member;
import io.keydb.operator.observe.Observation;
import io.keydb.operator.plan.Finding;
import io.keydb.operator.plan.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What there is to say of the links of a deployment.
 *
 * <p>Threads: immutable.
 */
record LinkReport(Observation observation) {
    private static final String MISSING = "missing";

    private Stream<Member> members() {
        return observation.members().stream();
    }

    private Stream<Member> wanted() {
        var wanted = observation.keydb().getSpec().members();
        return members().filter(member -> member.ordinal() < wanted);
    }

    /** The links a member is to have, and those it has besides. */
    List<LinkStatus> of(Member member) {
        var links = new ArrayList<LinkStatus>();
        if (observation.keydb().getSpec().topology().mode().isReplicated()) {
            members()
                    .filter(peer -> peer.ordinal() != member.ordinal())
                    .filter(peer -> isLinked(member, peer))
                    .forEach(
                            peer ->
                                    links.add(
                                            new LinkStatus(peer.name(), linkState(member, peer))));
        }
        member.report().stream()
                .flatMap(report -> report.replication().links().stream())
                .filter(link -> observation.names().ordinalOf(link.from()).isEmpty())
                .map(LinkReport::foreign)
                .forEach(links::add);
        return links;
    }

    private boolean isLinked(Member member, Member peer) {
        return areWanted(member, peer)
                || member.linkFrom(observation.names().peer(peer.ordinal())).isPresent();
    }

    private boolean areWanted(Member member, Member peer) {
        var wanted = observation.keydb().getSpec().members();
        return member.ordinal() < wanted && peer.ordinal() < wanted;
    }

    private static LinkStatus foreign(Link link) {
        return new LinkStatus(link.from().toString(), link.state().toString());
    }

    private String linkState(Member member, Member peer) {
        return member.linkFrom(observation.names().peer(peer.ordinal()))
                .map(LinkState::toString)
                .orElse(MISSING);
    }

    /** The links that are not merged, though members are to have them. */
    List<Finding> broken() {
        var broken = new ArrayList<Finding>();
        if (!observation.keydb().getSpec().topology().mode().isReplicated()) {
            return broken;
        }
        wanted().forEach(
                        member ->
                                wanted().filter(peer -> peer.ordinal() != member.ordinal())
                                        .filter(peer -> !linkState(member, peer).equals("merged"))
                                        .map(peer -> brokenLink(member, peer))
                                        .forEach(broken::add));
        return broken;
    }

    private Finding brokenLink(Member member, Member peer) {
        var message = member.name() + " from " + peer.name() + ": " + linkState(member, peer);
        return new Finding(Reason.LINK_MISSING, message);
    }
}
