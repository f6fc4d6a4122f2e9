package io.keydb.server.command.geo;

import io.keydb.server.command.Call;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Coordinates and distances as replies.
 *
 * <p>Threads: stateless.
 */
final class GeoText {
    private static final int COORDINATE_DECIMALS = 17;
    private static final int DISTANCE_DECIMALS = 4;
    private static final int ERROR_DECIMALS = 6;

    private GeoText() {}

    /** A longitude or latitude: up to 17 decimals, a number of its own kind in RESP3. */
    static void coordinate(Call call, double degrees) {
        BigDecimal exact = rounded(degrees, COORDINATE_DECIMALS);
        String text = exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
        if (call.reply().protocol() == 2) {
            call.reply().bulk(ascii(text));
        } else {
            call.reply().raw(ascii("," + text + "\r\n"));
        }
    }

    /** A distance: 4 decimals, always as a string. */
    static void distance(Call call, double distance) {
        call.reply().bulk(ascii(fixed(distance, DISTANCE_DECIMALS)));
    }

    /** A coordinate as errors show it. */
    static String inError(double degrees) {
        if (Double.isInfinite(degrees)) {
            return degrees > 0 ? "inf" : "-inf";
        }
        return fixed(degrees, ERROR_DECIMALS);
    }

    private static String fixed(double value, int decimals) {
        String text = rounded(value, decimals).toPlainString();
        boolean negative = Double.doubleToRawLongBits(value) < 0;
        return negative && !text.startsWith("-") ? "-" + text : text;
    }

    private static BigDecimal rounded(double value, int decimals) {
        return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
