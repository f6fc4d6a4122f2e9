package io.keydb.server.command.geo;

import static org.assertj.core.api.Assertions.assertThat;

import io.keydb.server.command.CommandTester;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search finds what going through all places finds. */
class GeoSearchTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsEveryPlaceWithinACircleOrABox(long seed) {
        Random random = new Random(seed);
        int places = seed == 1 ? 100 : 2_000;
        double[][] position = new double[places][];
        try (CommandTester tester = new CommandTester()) {
            for (int i = 0; i < places; i++) {
                double x = random.nextDouble(-180, 180);
                double y = random.nextDouble(-80, 80);
                tester.run("GEOADD", "g", "" + x, "" + y, "m" + i);
                GeoCell cell = GeoCell.of(x, y, GeoCell.FINEST);
                position[i] = new double[] {cell.longitude(), cell.latitude()};
            }
            for (int i = 0; i < 60; i++) {
                double x = random.nextDouble(-100, 100);
                double y = random.nextDouble(-60, 60);
                double size = Math.pow(10, random.nextDouble(3, 6));
                GeoArea area = new GeoArea();
                area.around(x, y);
                boolean box = random.nextBoolean();
                List<String> command =
                        new ArrayList<>(List.of("GEOSEARCH", "g", "FROMLONLAT", "" + x, "" + y));
                if (box) {
                    area.box(size, size / 2, 1);
                    command.addAll(List.of("BYBOX", "" + size, "" + size / 2, "m"));
                } else {
                    area.circle(size, 1);
                    command.addAll(List.of("BYRADIUS", "" + size, "m"));
                }
                TreeSet<String> expected = new TreeSet<>();
                for (int j = 0; j < places; j++) {
                    if (area.distance(position[j][0], position[j][1]) >= 0) {
                        expected.add("m" + j);
                    }
                }
                String reply = tester.run(command.toArray(String[]::new));
                TreeSet<String> found = new TreeSet<>(Arrays.asList(reply.split(" ")));
                found.removeIf(word -> !word.startsWith("m"));
                assertThat(found).as("seed %d, %s", seed, command).isEqualTo(expected);
            }
        }
    }

    @Test
    void neighboursShareTheirEdges() {
        Random random = new Random(4);
        for (int i = 0; i < 1_000; i++) {
            int step = random.nextInt(3, 27);
            GeoCell cell = GeoCell.of(random.nextDouble(-90, 90), random.nextDouble(-40, 40), step);
            assertThat(cell.neighbour(1, 0).leastLongitude()).isEqualTo(cell.mostLongitude());
            assertThat(cell.neighbour(-1, 0).mostLongitude()).isEqualTo(cell.leastLongitude());
            assertThat(cell.neighbour(0, 1).leastLatitude()).isEqualTo(cell.mostLatitude());
            assertThat(cell.neighbour(0, -1).mostLatitude()).isEqualTo(cell.leastLatitude());
            assertThat(cell.neighbour(1, 1).neighbour(-1, -1)).isEqualTo(cell);
        }
    }
}
