package io.keydb.server.command.geo;

/**
 * A cell of the grid that the earth is divided into: with every step each cell is cut in two by
 * longitude and by latitude. Its number takes one bit of each for every step.
 *
 * <pre>
 *   | longitude | latitude | longitude | latitude | …   the first step is at the top
 * </pre>
 *
 * <p>A score holds the number of a cell of 26 steps, 52 bits, which a double keeps exactly. All
 * scores within a larger cell begin with its number, so they are one range.
 *
 * <p>Threads: immutable.
 */
record GeoCell(long bits, int step) {
    static final double MOST_LONGITUDE = 180;

    /** That of the Mercator projection: there are no cells at the poles. */
    static final double MOST_LATITUDE = 85.05112878;

    /** Steps of the cells that scores name. */
    static final int FINEST = 26;

    private static final double TWO_TO_63 = 0x1p63;

    private static final long LONGITUDE_BITS = 0xaaaaaaaaaaaaaaaaL;
    private static final long LATITUDE_BITS = 0x5555555555555555L;

    /** The cell of a position. */
    static GeoCell of(double longitude, double latitude, int step) {
        return of(longitude, latitude, step, MOST_LATITUDE);
    }

    /** The cell of a position in a grid whose latitudes end there. */
    static GeoCell of(double longitude, double latitude, int step, double mostLatitude) {
        double x = (longitude + MOST_LONGITUDE) / (MOST_LONGITUDE - -MOST_LONGITUDE);
        double y = (latitude - -mostLatitude) / (mostLatitude - -mostLatitude);
        double cells = 1L << step;
        return new GeoCell(spread((long) (y * cells)) | spread((long) (x * cells)) << 1, step);
    }

    /** The cell that a score names. */
    static GeoCell ofScore(double score) {
        return new GeoCell(unsigned(score), FINEST);
    }

    /** Puts a zero before each of 32 bits. */
    private static long spread(long number) {
        long x = number & 0xffffffffL;
        x = (x | x << 16) & 0x0000ffff0000ffffL;
        x = (x | x << 8) & 0x00ff00ff00ff00ffL;
        x = (x | x << 4) & 0x0f0f0f0f0f0f0f0fL;
        x = (x | x << 2) & 0x3333333333333333L;
        return (x | x << 1) & LATITUDE_BITS;
    }

    /** Takes every second bit, the lowest first. */
    private static long gather(long bits) {
        long x = bits & LATITUDE_BITS;
        x = (x | x >>> 1) & 0x3333333333333333L;
        x = (x | x >>> 2) & 0x0f0f0f0f0f0f0f0fL;
        x = (x | x >>> 4) & 0x00ff00ff00ff00ffL;
        x = (x | x >>> 8) & 0x0000ffff0000ffffL;
        return (x | x >>> 16) & 0xffffffffL;
    }

    /** The first score within the cell. */
    long firstScore() {
        return bits << (2 * (FINEST - step));
    }

    /** The first score behind the cell. */
    long endScore() {
        return (bits + 1) << (2 * (FINEST - step));
    }

    double leastLongitude() {
        return edge(gather(bits >>> 1), MOST_LONGITUDE);
    }

    double mostLongitude() {
        return edge(gather(bits >>> 1) + 1, MOST_LONGITUDE);
    }

    double leastLatitude() {
        return edge(gather(bits), MOST_LATITUDE);
    }

    double mostLatitude() {
        return edge(gather(bits) + 1, MOST_LATITUDE);
    }

    private double edge(long index, double most) {
        return -most + (index * 1.0 / (1L << step)) * (most - -most);
    }

    /** The longitude of the middle. */
    double longitude() {
        return within((leastLongitude() + mostLongitude()) / 2, MOST_LONGITUDE);
    }

    /** The latitude of the middle. */
    double latitude() {
        return within((leastLatitude() + mostLatitude()) / 2, MOST_LATITUDE);
    }

    private static double within(double value, double most) {
        return Math.max(-most, Math.min(most, value));
    }

    /** The cell so many cells to the east and to the north, each -1, 0 or 1; around the earth. */
    GeoCell neighbour(int east, int north) {
        long x = bits & LONGITUDE_BITS;
        long y = bits & LATITUDE_BITS;
        return new GeoCell(
                moved(x, east, LATITUDE_BITS, LONGITUDE_BITS)
                        | moved(y, north, LONGITUDE_BITS, LATITUDE_BITS),
                step);
    }

    /** Counts on or back in every second bit: those between carry, or lend. */
    private long moved(long number, int by, long between, long own) {
        if (by == 0) {
            return number;
        }
        int unused = 64 - 2 * step;
        long carry = between >>> unused;
        long sum = by > 0 ? number + (carry + 1) : (number | carry) - (carry + 1);
        return sum & own >>> unused;
    }

    /**
     * The whole part of a score, which may be none of a place; beyond 64 bits as the processors
     * convert on which stock servers run.
     */
    static long whole(double score) {
        return score >= -TWO_TO_63 && score < TWO_TO_63 ? (long) score : Long.MIN_VALUE;
    }

    private static long unsigned(double score) {
        return score < TWO_TO_63 ? whole(score) : whole(score - TWO_TO_63) ^ Long.MIN_VALUE;
    }
}
