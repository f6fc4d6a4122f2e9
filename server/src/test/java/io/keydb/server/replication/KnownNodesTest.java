package io.keydb.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.log.NodeId;
import io.keydb.server.log.Origin;
import io.keydb.server.log.VersionVector;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The past is closed only when every member has it and says so. */
class KnownNodesTest {
    private static final Origin A = new Origin(new NodeId("a".repeat(40)), 10);
    private static final Origin B = new Origin(new NodeId("b".repeat(40)), 10);
    private static final Origin C = new Origin(new NodeId("c".repeat(40)), 10);

    private final KnownNodes ofA = new KnownNodes(A.node());

    @Test
    void aloneEverythingIsStable() {
        assertThat(ofA.stable(vector(A, 20), 500)).isEqualTo(500);
        ofA.own(known(A, 500, 500, vector(A, 20)));
        assertThat(ofA.stableEverywhere()).isEqualTo(500);
    }

    @Test
    void aMemberHoldsThePastOpenUntilItHasEverything() {
        ofA.contact(B, 1);
        assertThat(ofA.stable(vector(A, 20), 500)).isZero();
        assertThat(ofA.learn(known(B, 300, 0, vector(B, 15)).toString(), B.node())).isPresent();
        assertThat(ofA.stable(vector(A, 20), 500)).as("B has units A lacks").isZero();
        VersionVector both = vector(A, 20);
        both.join(vector(B, 15));
        assertThat(ofA.stable(both, 500)).isEqualTo(300);
        ofA.own(known(A, 500, 300, both));
        assertThat(ofA.stableEverywhere()).as("B has not said so").isZero();
        ofA.learn(known(B, 400, 250, both).toString(), B.node());
        assertThat(ofA.stableEverywhere()).isEqualTo(250);
    }

    @Test
    void whoWasRemovedIsWaitedForNoMoreUntilItComesBack() {
        ofA.contact(B, 1);
        ofA.own(known(A, 500, 500, vector(A, 20)));
        assertThat(ofA.stableEverywhere()).isZero();
        ofA.forget(B.node(), 50);
        assertThat(ofA.stableEverywhere()).isEqualTo(500);
        assertThat(ofA.stable(vector(A, 20), 600)).isEqualTo(600);
        ofA.learn(known(B, 700, 0, vector(B, 15)).toString(), B.node());
        assertThat(ofA.stableEverywhere()).as("it goes on reading").isEqualTo(500);
        ofA.contact(B, 40);
        assertThat(ofA.stableEverywhere()).as("linked again").isZero();
    }

    @Test
    void theLivingNodeWithTheLeastIdActsForOneThatIsGone() {
        long silent = KnownNodes.MOST_SILENT_MILLIS;
        KnownNodes ofB = new KnownNodes(B.node());
        assertThat(ofB.actsFor(B.node(), 0)).isTrue();
        assertThat(ofB.actsFor(C.node(), 0)).as("it is no member").isTrue();
        ofB.contact(A, 1);
        ofB.contact(C, 1);
        assertThat(ofB.actsFor(C.node(), 0)).as("nobody has looked yet").isFalse();
        ofB.look(0);
        assertThat(ofB.actsFor(C.node(), silent - 1)).isFalse();
        assertThat(ofB.actsFor(C.node(), silent)).as("both are gone").isTrue();
        ofB.learn(known(A, 300, 0, vector(A, 15)).toString(), A.node());
        ofB.look(silent);
        assertThat(ofB.actsFor(C.node(), silent)).as("A does").isFalse();
        assertThat(ofB.actsFor(A.node(), silent)).isFalse();
        ofB.learn(known(C, 300, 0, vector(C, 15)).toString(), C.node());
        ofB.look(silent + 1);
        ofB.look(2 * silent);
        assertThat(ofB.actsFor(A.node(), 2 * silent)).as("C lives, but B is less").isTrue();
        assertThat(ofB.actsFor(C.node(), 2 * silent)).isFalse();
        ofB.forget(C.node(), 50);
        assertThat(ofB.actsFor(C.node(), 2 * silent)).as("it was removed").isTrue();
        assertThat(ofB.actsFor(B.node(), 2 * silent)).isTrue();
    }

    @Test
    void removalAndMembersTravelThroughOthers() {
        KnownNodes ofB = new KnownNodes(B.node());
        ofA.contact(B, 4);
        ofB.contact(C, 5);
        ofB.own(known(B, 300, 300, vector(B, 15)));
        assertThat(ofA.learn(ofB.text(), B.node())).isPresent();
        ofA.own(known(A, 500, 500, vector(A, 20)));
        assertThat(ofA.stableEverywhere()).as("C is a member although A never met it").isZero();
        ofB.forget(C.node(), 9);
        ofA.learn(ofB.text(), B.node());
        assertThat(ofA.stableEverywhere()).isEqualTo(300);
    }

    @Test
    void aRestartedNodeStartsAnew() {
        VersionVector all = vector(A, 20);
        all.join(vector(B, 15));
        ofA.contact(B, 1);
        ofA.learn(known(B, 400, 350, all).toString(), B.node());
        Origin again = new Origin(B.node(), 99);
        ofA.contact(again, 70);
        ofA.own(known(A, 500, 500, all));
        assertThat(ofA.stableEverywhere()).as("its data may be gone").isZero();
        ofA.learn(known(B, 900, 900, all).toString(), B.node());
        assertThat(ofA.stableEverywhere()).as("old news").isZero();
        ofA.learn(known(again, 600, 450, all).toString(), B.node());
        assertThat(ofA.stableEverywhere()).isEqualTo(450);
    }

    @Test
    void runsThatEverybodyHasAreClosedInTheirOrder() {
        Origin second = new Origin(B.node(), 50);
        Origin third = new Origin(B.node(), 90);
        VersionVector vector = vector(B, 15);
        vector.advance(second, 51);
        vector.advance(third, 92);
        VersionVector less = vector(B, 15);
        less.advance(third, 92);
        ofA.contact(C, 1);
        ofA.learn(known(C, 1, 1, less).toString(), C.node());
        assertThat(ofA.closedRuns(vector)).isEqualTo(Map.of(B.node(), 11L));
        ofA.learn(known(C, 1, 1, vector).toString(), C.node());
        assertThat(ofA.closedRuns(vector)).isEqualTo(Map.of(B.node(), 51L));
    }

    @Test
    void malformedKnowledgeIsRefused() {
        for (String text : new String[] {"", "x", A + "|1|2|3|4", A + "|1|2|3|x|-", ";"}) {
            assertThat(ofA.learn(text, B.node())).as(text).isEmpty();
        }
    }

    private static VersionVector vector(Origin origin, long number) {
        VersionVector vector = new VersionVector();
        vector.advance(origin, number);
        return vector;
    }

    private static NodeKnowledge known(
            Origin origin, long clock, long stable, VersionVector vector) {
        return new NodeKnowledge(origin, 0, 0, clock, stable, vector);
    }
}
