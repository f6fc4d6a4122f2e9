package io.keydb.server.resp;

import static io.keydb.server.resp.RequestSamples.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.NativeHeap;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Claim: it does not matter how the network cuts a stream. */
class RequestSplitProtocolTest {

    private final RequestLimits limits = new RequestLimits();
    private final byte[] stream = bytes(String.join("", RequestSamples.ALL));
    private final ParsedStream whole = ParsedStream.of(limits, stream);

    @Test
    void everySplitPositionGivesTheSameRequests() {
        long before = NativeHeap.allocatedBytes();
        for (int cut = 0; cut <= stream.length; cut++) {
            byte[] first = Arrays.copyOfRange(stream, 0, cut);
            byte[] second = Arrays.copyOfRange(stream, cut, stream.length);
            assertThat(ParsedStream.of(limits, first, second))
                    .as("cut at %d", cut)
                    .isEqualTo(whole);
        }
        assertThat(NativeHeap.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void everyPairOfSplitPositionsGivesTheSameRequests() {
        byte[] some = Arrays.copyOfRange(stream, 0, 180);
        ParsedStream expected = ParsedStream.of(limits, some);
        for (int first = 0; first <= some.length; first++) {
            for (int second = first; second <= some.length; second++) {
                assertThat(
                                ParsedStream.of(
                                        limits,
                                        Arrays.copyOfRange(some, 0, first),
                                        Arrays.copyOfRange(some, first, second),
                                        Arrays.copyOfRange(some, second, some.length)))
                        .as("cut at %d and %d", first, second)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void singleBytesGiveTheSameRequests() {
        byte[][] pieces = new byte[stream.length][];
        for (int i = 0; i < stream.length; i++) {
            pieces[i] = new byte[] {stream[i]};
        }
        assertThat(ParsedStream.of(limits, pieces)).isEqualTo(whole);
    }
}
