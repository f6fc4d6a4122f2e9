package io.keydb.server.command.geo;

import io.keydb.server.value.sortedset.Bound;
import io.keydb.server.value.sortedset.SortedSet;
import io.keydb.server.value.sortedset.SortedSetCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The members of a sorted set that lie within an area: their positions in the set and their
 * distances.
 *
 * <p>Threads: confined to the thread that runs the command.
 */
final class GeoMatches {
    private long[] positions = new long[16];
    private double[] distances = new double[16];
    private int[] order = {};
    private int count;

    /** Finds them in the cells that cover the area; stops at so many, unless that is 0. */
    GeoMatches(long record, GeoArea area, @Nullable GeoCell[] cells, long most) {
        GeoCell last = null;
        for (GeoCell cell : cells) {
            // Large cells are their own neighbours on both sides.
            if (cell != null && !cell.equals(last) && !isEnough(most)) {
                search(record, area, cell, most);
                last = cell;
            }
        }
        order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
    }

    /** How many members lie in the cells. */
    static long work(long record, @Nullable GeoCell[] cells) {
        long sum = 0;
        for (GeoCell cell : cells) {
            if (cell != null) {
                Bound bound = new Bound();
                sum += SortedSet.countBefore(record, bound.setScore(cell.endScore(), false));
                sum -= SortedSet.countBefore(record, bound.setScore(cell.firstScore(), false));
            }
        }
        return sum;
    }

    private boolean isEnough(long most) {
        return most > 0 && count >= most;
    }

    private void search(long record, GeoArea area, GeoCell cell, long most) {
        Bound start = new Bound().setScore(cell.firstScore(), false);
        long position = SortedSet.countBefore(record, start);
        SortedSetCursor cursor = new SortedSetCursor();
        boolean is = cursor.at(record, position);
        while (is && cursor.score() < cell.endScore() && !isEnough(most)) {
            GeoCell place = GeoCell.ofScore(cursor.score());
            double distance = area.distance(place.longitude(), place.latitude());
            if (distance >= 0) {
                add(position, distance);
            }
            position++;
            is = cursor.next();
        }
    }

    private void add(long position, double distance) {
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, count * 2);
            distances = Arrays.copyOf(distances, count * 2);
        }
        positions[count] = position;
        distances[count++] = distance;
    }

    int count() {
        return count;
    }

    /** The position in the set of the match with this number. */
    long position(int i) {
        return positions[order[i]];
    }

    /** Its distance in metres. */
    double distance(int i) {
        return distances[order[i]];
    }

    /** Sorts by distance; equal ones stay in their order. */
    void sort(boolean descending) {
        int[] from = order;
        int[] to = new int[count];
        for (int width = 1; width < count; width *= 2) {
            for (int start = 0; start < count; start += 2 * width) {
                merge(from, to, start, width, descending);
            }
            int[] merged = to;
            to = from;
            from = merged;
        }
        order = from;
    }

    private void merge(int[] from, int[] to, int start, int width, boolean descending) {
        int left = start;
        int leftEnd = Math.min(count, start + width);
        int right = leftEnd;
        int end = Math.min(count, start + 2 * width);
        for (int i = start; i < end; i++) {
            boolean takesRight =
                    left == leftEnd
                            || (right < end && isBefore(from[right], from[left], descending));
            to[i] = takesRight ? from[right++] : from[left++];
        }
    }

    private boolean isBefore(int i, int j, boolean descending) {
        return descending ? distances[i] > distances[j] : distances[i] < distances[j];
    }
}
