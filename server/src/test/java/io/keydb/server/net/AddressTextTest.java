package io.keydb.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claim: addresses look as Redis shows them. */
class AddressTextTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:6379",
        "0:0:0:0:0:0:0:1, [::1]:6379",
        "0:0:0:0:0:0:0:0, [::]:6379",
        "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:6379",
        "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:6379",
        "fe80:0:0:0:0:0:0:a, [fe80::a]:6379",
        "1:0:0:0:0:0:0:0, [1::]:6379"
    })
    void addressIsShown(String address, String text) throws Exception {
        assertThat(AddressText.of(new InetSocketAddress(InetAddress.getByName(address), 6379)))
                .isEqualTo(text);
    }

    @Test
    void unknownAddressIsShownAsUnknown() {
        assertThat(AddressText.of(null)).isEqualTo("?:0");
    }
}
