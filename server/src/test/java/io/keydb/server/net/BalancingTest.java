package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.net.NetworkSettings.Balancing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which loop a new connection goes to. */
class BalancingTest {
    private final EventLoops loops = new EventLoops(3, false);

    @AfterEach
    void close() {
        loops.close();
    }

    private int chosen(Balancing rule) {
        EventLoop loop = loops.choose(rule);
        loop.reserved();
        return loop.index();
    }

    @Test
    void connectionsGoToTheLoopWithTheFewest() {
        loops.get(0).reserved();
        loops.get(1).reserved();
        assertThat(chosen(Balancing.EVEN)).isEqualTo(2);
        assertThat(chosen(Balancing.EVEN)).isEqualTo(0);
        assertThat(chosen(Balancing.EVEN)).isEqualTo(1);
    }

    @Test
    void aLoopMayBeFilledFirst() {
        Balancing rule = new Balancing(true, 2, 1);
        for (int expected : new int[] {0, 0, 1, 1, 2, 2, 0, 1, 2}) {
            assertThat(chosen(rule)).isEqualTo(expected);
        }
    }

    @Test
    void aReplicaWeighsMore() {
        Balancing rule = new Balancing(true, 0, 3);
        loops.get(0).reserved();
        loops.get(0).replicas(1);
        for (int expected : new int[] {1, 2, 1, 2, 1, 2, 0}) {
            assertThat(chosen(rule)).isEqualTo(expected);
        }
        loops.get(0).replicas(-1);
        assertThat(chosen(rule)).isEqualTo(0);
    }

    @Test
    void withoutBalancingTheyGoInTurn() {
        loops.get(0).reserved();
        loops.get(0).reserved();
        Balancing rule = new Balancing(false, 20, 3);
        for (int expected : new int[] {0, 1, 2, 0}) {
            assertThat(chosen(rule)).isEqualTo(expected);
        }
    }
}
