package io.keydb.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.operator.database.Endpoint;
import org.junit.jupiter.api.Test;

/** A link of a member of ours is told from a link to a server of somebody else. */
class NamesTest {
    private final Names names = new Names("shop", "cart");

    @Test
    void peerNameLeadsBackToItsOrdinal() {
        for (var ordinal = 0; ordinal < 20; ordinal++) {
            assertThat(names.ordinalOf(names.peer(ordinal))).hasValue(ordinal);
        }
    }

    @Test
    void otherHostsAreNotMembers() {
        for (var host :
                new String[] {
                    "cart-0-0.cart-headless.other.svc",
                    "cart-x-0.cart-headless.shop.svc",
                    "cart--0.cart-headless.shop.svc",
                    "cart-0.cart-headless.shop.svc",
                    "old.example.org",
                    "10.0.0.1",
                    ""
                }) {
            assertThat(names.ordinalOf(new Endpoint(host, 6379))).as(host).isEmpty();
        }
    }

    @Test
    void longestNameStaysWithinWhatKubernetesAllows() {
        var longest = new Names("shop", "a".repeat(40));

        assertThat(longest.headless()).hasSizeLessThanOrEqualTo(63);
        assertThat(longest.pod(8)).hasSizeLessThanOrEqualTo(63);
        // The StatefulSet controller adds a hash of ten characters and a dash for its label.
        assertThat(longest.member(8)).hasSizeLessThanOrEqualTo(52);
    }
}
