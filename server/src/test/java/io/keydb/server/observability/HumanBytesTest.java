package io.keydb.server.observability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Amounts of memory are shortened as stock servers do. */
class HumanBytesTest {

    @Test
    void unitsAreThoseOfStock() {
        assertThat(HumanBytes.of(0)).isEqualTo("0B");
        assertThat(HumanBytes.of(1023)).isEqualTo("1023B");
        assertThat(HumanBytes.of(1024)).isEqualTo("1.00K");
        assertThat(HumanBytes.of(916280)).isEqualTo("894.80K");
        assertThat(HumanBytes.of(12259328)).isEqualTo("11.69M");
        assertThat(HumanBytes.of(25276510208L)).isEqualTo("23.54G");
        assertThat(HumanBytes.of(1L << 40)).isEqualTo("1.00T");
        assertThat(HumanBytes.of(Long.MAX_VALUE)).isEqualTo("8.00E");
    }
}
