package io.keydb.server.command.geo;

import org.jspecify.annotations.Nullable;

/**
 * A circle or a box around a position, and the cells that cover it: that of the position and its
 * neighbours.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class GeoArea {
    /** Half of the earth's circumference in the Mercator projection. */
    private static final double MERCATOR_MOST = 20037726.37;

    private static final double EARTH = GeoDistance.EARTH_RADIUS;

    /** To the east and to the north, in the order in which cells are searched. */
    private static final int[][] DIRECTIONS = {
        {0, 0}, {0, 1}, {0, -1}, {1, 0}, {-1, 0}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}
    };

    private double longitude;
    private double latitude;
    private boolean box;
    private double radius;
    private double width;
    private double height;
    private double unit = 1;

    void around(double newLongitude, double newLatitude) {
        longitude = newLongitude;
        latitude = newLatitude;
    }

    void circle(double newRadius, double newUnit) {
        box = false;
        radius = newRadius;
        unit = newUnit;
    }

    void box(double newWidth, double newHeight, double newUnit) {
        box = true;
        width = newWidth;
        height = newHeight;
        unit = newUnit;
    }

    /** The metres of the unit that distances are told in. */
    double unit() {
        return unit;
    }

    /** The distance of a position in metres; -1 when it is not within the area. */
    double distance(double x, double y) {
        if (!box) {
            double distance = GeoDistance.between(longitude, latitude, x, y);
            return distance > radius * unit ? -1 : distance;
        }
        if (GeoDistance.ofLatitudes(y, latitude) > height * unit / 2
                || GeoDistance.between(x, y, longitude, y) > width * unit / 2) {
            return -1;
        }
        return GeoDistance.between(longitude, latitude, x, y);
    }

    /** The cells that cover the area; null where one is not needed. */
    @Nullable GeoCell[] cells() {
        double up = GeoDistance.degrees(unit * (box ? height / 2 : radius) / EARTH);
        double side = unit * (box ? width / 2 : radius) / EARTH;
        double widest = latitude < 0 ? latitude - up : latitude + up;
        double aside = GeoDistance.degrees(side / Math.cos(GeoDistance.radians(widest)));
        Bounds bounds =
                new Bounds(longitude - aside, longitude + aside, latitude - up, latitude + up);
        int step = estimatedStep();
        GeoCell centre = GeoCell.of(longitude, latitude, step);
        if (step > 1 && !bounds.areCoveredAround(centre)) {
            centre = GeoCell.of(longitude, latitude, step - 1);
        }
        @Nullable GeoCell[] cells = new GeoCell[DIRECTIONS.length];
        for (int i = 0; i < cells.length; i++) {
            int east = DIRECTIONS[i][0];
            int north = DIRECTIONS[i][1];
            if (centre.step() < 2 || bounds.need(centre, east, north)) {
                cells[i] = centre.neighbour(east, north);
            }
        }
        return cells;
    }

    /** What the area reaches to on each side. */
    private record Bounds(double west, double east, double south, double north) {
        boolean areCoveredAround(GeoCell centre) {
            return !(centre.neighbour(0, 1).mostLatitude() < north
                    || centre.neighbour(0, -1).leastLatitude() > south
                    || centre.neighbour(1, 0).mostLongitude() < east
                    || centre.neighbour(-1, 0).leastLongitude() > west);
        }

        /** Whether the area reaches beyond the cell towards that neighbour. */
        boolean need(GeoCell cell, int toEast, int toNorth) {
            boolean notSouth = toNorth < 0 && cell.leastLatitude() < south;
            boolean notNorth = toNorth > 0 && cell.mostLatitude() > north;
            boolean notWest = toEast < 0 && cell.leastLongitude() < west;
            boolean notEast = toEast > 0 && cell.mostLongitude() > east;
            return !(notSouth || notNorth || notWest || notEast);
        }
    }

    /** So many steps that nine cells cover the area in most cases. */
    private int estimatedStep() {
        double reach =
                unit
                        * (box
                                ? Math.sqrt(width / 2 * (width / 2) + height / 2 * (height / 2))
                                : radius);
        if (reach == 0) {
            return GeoCell.FINEST;
        }
        int step = 1;
        while (reach < MERCATOR_MOST) {
            reach *= 2;
            step++;
        }
        step -= 2;
        // Cells are narrower towards the poles.
        if (Math.abs(latitude) > 66) {
            step -= Math.abs(latitude) > 80 ? 2 : 1;
        }
        return Math.max(1, Math.min(GeoCell.FINEST, step));
    }
}
