package io.keydb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.memory.NativeHeap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Claim: whatever bytes arrive, the parser neither crashes nor hangs nor leaks, and gives what the
 * plain reference gives.
 *
 * <p>{@code -Dkeydb.fuzz.mutations=1000000} makes it long, {@code -Dkeydb.fuzz.seed=...} repeats a
 * run.
 */
class RequestFuzzTest {

    private static final byte[] TELLING = {
        '*', '$', '\r', '\n', '0', '1', '9', '-', '"', '\'', '\\', 'x', ' ', 0, -1
    };

    private final RequestLimits limits = new RequestLimits();

    @Test
    void mutatedRequestsAreParsedAsTheReferenceDoes() {
        int mutations = Integer.getInteger("keydb.fuzz.mutations", 50_000);
        long seed = Long.getLong("keydb.fuzz.seed", System.nanoTime());
        Random random = new Random(seed);
        long before = NativeHeap.allocatedBytes();
        for (int i = 0; i < mutations; i++) {
            byte[] stream = mutated(random);
            ParsedStream expected = ReferenceParser.parse(stream);
            int cut = random.nextInt(stream.length + 1);
            int secondCut = cut + random.nextInt(stream.length - cut + 1);
            ParsedStream parsed =
                    ParsedStream.of(
                            limits,
                            Arrays.copyOfRange(stream, 0, cut),
                            Arrays.copyOfRange(stream, cut, secondCut),
                            Arrays.copyOfRange(stream, secondCut, stream.length));
            if (!parsed.equals(expected)) {
                assertThat(parsed)
                        .as(
                                "seed %d, mutation %d, cut at %d and %d, stream %s",
                                seed, i, cut, secondCut, printable(stream))
                        .isEqualTo(expected);
            }
        }
        assertThat(NativeHeap.allocatedBytes()).as("seed %d", seed).isEqualTo(before);
    }

    private static byte[] mutated(Random random) {
        StringBuilder text = new StringBuilder();
        int requests = 1 + random.nextInt(4);
        for (int i = 0; i < requests; i++) {
            text.append(RequestSamples.ALL.get(random.nextInt(RequestSamples.ALL.size())));
        }
        byte[] stream = RequestSamples.bytes(text.toString());
        int changes = random.nextInt(5);
        for (int i = 0; i < changes && stream.length > 0; i++) {
            stream = changed(stream, random);
        }
        return stream;
    }

    private static byte[] changed(byte[] stream, Random random) {
        int at = random.nextInt(stream.length);
        byte telling = TELLING[random.nextInt(TELLING.length)];
        return switch (random.nextInt(6)) {
            case 0 -> with(stream, at, (byte) random.nextInt(256));
            case 1 -> with(stream, at, telling);
            case 2 ->
                    joined(
                            Arrays.copyOf(stream, at),
                            Arrays.copyOfRange(stream, at + 1, stream.length));
            case 3 ->
                    joined(
                            with(Arrays.copyOf(stream, at + 1), at, telling),
                            Arrays.copyOfRange(stream, at, stream.length));
            case 4 -> Arrays.copyOf(stream, at);
            default -> {
                int from = random.nextInt(stream.length);
                int end = from + random.nextInt(stream.length - from + 1);
                byte[] front =
                        joined(Arrays.copyOf(stream, at), Arrays.copyOfRange(stream, from, end));
                yield joined(front, Arrays.copyOfRange(stream, at, stream.length));
            }
        };
    }

    private static byte[] with(byte[] stream, int at, byte value) {
        byte[] changed = stream.clone();
        changed[at] = value;
        return changed;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static String printable(byte[] stream) {
        return new String(stream, StandardCharsets.ISO_8859_1)
                .replace("\r", "\\r")
                .replace("\n", "\\n")
                .replace("\0", "\\0");
    }
}
