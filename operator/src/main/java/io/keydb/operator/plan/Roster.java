package io.keydb.operator.plan;

import io.keydb.crd.v1alpha1.KeyDBSpec;
import io.keydb.operator.database.LinkState;
import io.keydb.operator.observe.Member;
import io.keydb.operator.observe.Observation;
import io.keydb.operator.resources.Names;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An observation as the planners look at it: who is wanted, who is leaving, who serves.
 *
 * <p>Threads: immutable.
 */
record Roster(Observation observation, Instant now) {
    KeyDBSpec spec() {
        return observation.keydb().getSpec();
    }

    Names names() {
        return observation.names();
    }

    /** The members the specification asks for, whether they exist or not. */
    List<Member> wanted() {
        return observation.members().stream().filter(this::isWanted).toList();
    }

    /** The members that exist and are to go. */
    List<Member> leaving() {
        return observation.members().stream()
                .filter(member -> !isWanted(member))
                .filter(Member::exists)
                .toList();
    }

    boolean isWanted(Member member) {
        return member.ordinal() < spec().members();
    }

    /** The members to which clients come and which are ready for them. */
    List<Member> inService() {
        return observation.members().stream().filter(Member::isInService).toList();
    }

    /** The wanted members, without {@code member}, to which clients come. */
    List<Member> otherWantedInService(Member member) {
        return inService().stream()
                .filter(this::isWanted)
                .filter(other -> other.ordinal() != member.ordinal())
                .toList();
    }

    /** Whether two members have merged: each receives the writes of the other. */
    boolean isMerged(Member one, Member other) {
        return receives(one, other) && receives(other, one);
    }

    private boolean receives(Member member, Member from) {
        return member.linkFrom(names().peer(from.ordinal())).equals(Optional.of(LinkState.MERGED));
    }
}
