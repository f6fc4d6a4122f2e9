package io.keydb.e2e.controlplane.schema;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kubernetes quantity such as {@code 500m} or {@code 2Gi}, as CEL's {@code quantity()} gives it.
 *
 * <p>Threads: immutable.
 *
 * @param value the amount in base units
 */
record Quantity(BigDecimal value) implements Comparable<Quantity> {

    private static final Pattern FORM =
            Pattern.compile(
                    "([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\\d+)?");

    private static final Map<String, Integer> DECIMAL_EXPONENTS =
            Map.of("n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);

    private static final Map<String, Integer> BINARY_EXPONENTS =
            Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40, "Pi", 50, "Ei", 60);

    static boolean isQuantity(String text) {
        return FORM.matcher(text).matches();
    }

    static Quantity parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        String suffix = matcher.group(2);
        if (suffix == null) {
            return new Quantity(number);
        }
        Integer decimal = DECIMAL_EXPONENTS.get(suffix);
        if (decimal != null) {
            return new Quantity(number.scaleByPowerOfTen(decimal));
        }
        Integer binary = BINARY_EXPONENTS.get(suffix);
        if (binary != null) {
            return new Quantity(number.multiply(BigDecimal.TWO.pow(binary)));
        }
        return new Quantity(number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1))));
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }
}
