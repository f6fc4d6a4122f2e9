package io.keydb.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What INFO says is understood, whatever else it says. */
class ReplicationInfoTest {
    private static final String ACTIVE =
            """
            # Replication
            role:active-replica
            node_id:0123456789abcdef0123456789abcdef01234567
            connected_links:2
            link0:host=cart-1-0.cart-headless.shop.svc,port=6379,node_id=ab,state=merged,last_io_seconds_ago=0
            link1:host=cart-2-0.cart-headless.shop.svc,port=6379,node_id=-,state=connecting,last_io_seconds_ago=7
            replication_vector:0123456789abcdef0123456789abcdef01234567=17,ab=4
            connected_slaves:1
            slave0:ip=127.0.0.1,port=6380,state=online,offset=5,lag=0
            master_replid:0000
            master_repl_offset:5
            """;

    @Test
    void activeNodeHasLinksAndAVector() {
        var info = ReplicationInfo.parse(ACTIVE.replace("\n", "\r\n"));

        assertThat(info.isActive()).isTrue();
        assertThat(info.nodeId()).contains("0123456789abcdef0123456789abcdef01234567");
        assertThat(info.links())
                .containsExactly(
                        new Link(
                                new Endpoint("cart-1-0.cart-headless.shop.svc", 6379),
                                LinkState.MERGED),
                        new Link(
                                new Endpoint("cart-2-0.cart-headless.shop.svc", 6379),
                                LinkState.CONNECTING));
        assertThat(info.vector().sequences())
                .isEqualTo(Map.of("0123456789abcdef0123456789abcdef01234567", 17L, "ab", 4L));
    }

    @Test
    void linkIsFoundByHostInAnyCaseAndPort() {
        var info = ReplicationInfo.parse(ACTIVE);

        assertThat(info.linkFrom(new Endpoint("CART-1-0.cart-headless.shop.svc", 6379)))
                .contains(LinkState.MERGED);
        assertThat(info.linkFrom(new Endpoint("cart-1-0.cart-headless.shop.svc", 1))).isEmpty();
    }

    @Test
    void standaloneServerHasNoReplication() {
        var info = ReplicationInfo.parse("role:master\r\nconnected_slaves:0\r\n");

        assertThat(info.isActive()).isFalse();
        assertThat(info.nodeId()).isEmpty();
        assertThat(info.links()).isEmpty();
    }

    @Test
    void nonsenseIsANodeWithoutReplication() {
        for (var text : new String[] {"", "role", ":", "link0:", "link0:host", "slave0:x"}) {
            var info = ReplicationInfo.parse(text);
            assertThat(info.isActive()).as(text).isFalse();
            assertThat(info.vector()).as(text).isEqualTo(ReplicationVector.EMPTY);
        }
    }

    @Test
    void whatIsNotUnderstoodDoesNotPassForNothing() {
        for (var text :
                new String[] {
                    "role:active-replica\r\n",
                    "role:active-replica\r\nreplication_vector:a\r\n",
                    "role:active-replica\r\nreplication_vector:a=\r\n",
                    "role:active-replica\r\nreplication_vector:a=1,\r\n",
                    "role:active-replica\r\nreplication_vector:a=-1\r\n",
                    "role:active-replica\r\nreplication_vector:a=99999999999999999999\r\n",
                    "link0:host=a,port=b,state=merged"
                }) {
            assertThatThrownBy(() -> ReplicationInfo.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sequencesMayUseAllSixtyFourBits() {
        var large = ReplicationVector.parse("a=1882409938245919600");

        assertThat(large.sequences()).isEqualTo(Map.of("a", 1882409938245919600L));
        assertThat(large.covers(ReplicationVector.parse("a=1882409938245919601"))).isFalse();
        assertThat(ReplicationVector.parse("a=18446744073709551615").covers(large)).isTrue();
        assertThat(ReplicationVector.parse("a=18446744073709551615,b=1").total())
                .isEqualTo(BigInteger.TWO.pow(64));
    }

    @Test
    void vectorCoversAnotherWhenItHasAtLeastAsMuchOfEachOrigin() {
        var vector = ReplicationVector.parse("a=3,b=5");

        assertThat(vector.covers(ReplicationVector.parse("a=3,b=5"))).isTrue();
        assertThat(vector.covers(ReplicationVector.parse("b=1"))).isTrue();
        assertThat(vector.covers(ReplicationVector.EMPTY)).isTrue();
        assertThat(vector.covers(ReplicationVector.parse("a=4"))).isFalse();
        assertThat(vector.covers(ReplicationVector.parse("c=1"))).isFalse();
    }
}
