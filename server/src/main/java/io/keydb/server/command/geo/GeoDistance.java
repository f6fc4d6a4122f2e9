package io.keydb.server.command.geo;

/**
 * Distances on the earth as a sphere, in metres.
 *
 * <p>Threads: stateless.
 */
final class GeoDistance {
    /** The quadratic mean radius of WGS 84. */
    static final double EARTH_RADIUS = 6372797.560856;

    private static final double RADIANS = Math.PI / 180.0;

    private GeoDistance() {}

    static double radians(double degrees) {
        return degrees * RADIANS;
    }

    static double degrees(double radians) {
        return radians / RADIANS;
    }

    /** Between two positions, by the haversine formula. */
    static double between(
            double longitude1, double latitude1, double longitude2, double latitude2) {
        double v = Math.sin((radians(longitude2) - radians(longitude1)) / 2);
        if (v == 0) {
            return ofLatitudes(latitude1, latitude2);
        }
        double first = radians(latitude1);
        double second = radians(latitude2);
        double u = Math.sin((second - first) / 2);
        double a = u * u + Math.cos(first) * Math.cos(second) * v * v;
        return 2.0 * EARTH_RADIUS * Math.asin(Math.sqrt(a));
    }

    /** Along a meridian. */
    static double ofLatitudes(double latitude1, double latitude2) {
        return EARTH_RADIUS * Math.abs(radians(latitude2) - radians(latitude1));
    }
}
