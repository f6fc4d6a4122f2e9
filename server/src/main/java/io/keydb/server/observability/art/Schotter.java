package io.keydb.server.observability.art;

import java.util.random.RandomGenerator;

/**
 * LOLWUT of version 5, after Georg Nees' plotter drawing of 1968: rows of squares that get out of
 * order the more the further down they are. The first two rows are always in order.
 *
 * <p>Drawn in Braille characters of 2 by 4 pixels.
 *
 * <p>Threads: confined to the caller.
 */
final class Schotter {
    private static final int PIXELS_ACROSS = 2;
    private static final int PIXELS_DOWN = 4;
    private static final int FIRST_BRAILLE = 0x2800;
    private static final double DIAGONAL = 1.4142135623;

    private final RandomGenerator random;
    private final int columns;
    private final int squaresAcross;
    private final int squaresDown;

    Schotter(RandomGenerator random, int columns, int squaresAcross, int squaresDown) {
        this.random = random;
        this.columns = columns;
        this.squaresAcross = squaresAcross;
        this.squaresDown = squaresDown;
    }

    String draw() {
        int width = columns * PIXELS_ACROSS;
        int margin = width > 4 ? 2 : 0;
        float side = (float) (width - margin * 2) / squaresAcross;
        Canvas canvas = new Canvas(width, (int) (side * squaresDown + margin * 2));
        for (int row = 0; row < squaresDown; row++) {
            for (int column = 0; column < squaresAcross; column++) {
                int x = (int) (column * side + side / 2 + margin);
                int y = (int) (row * side + side / 2 + margin);
                float angle = 0;
                if (row > 1) {
                    angle = disorder(row);
                    x = (int) (x + disorder(row) * side / 3);
                    y = (int) (y + disorder(row) * side / 3);
                }
                square(canvas, x, y, side, angle);
            }
        }
        return braille(canvas);
    }

    private float disorder(int row) {
        float amount = random.nextFloat() / squaresDown * row;
        return random.nextBoolean() ? amount : -amount;
    }

    private static void square(Canvas canvas, int x, int y, float side, float angle) {
        float radius = nearest((float) (side / DIAGONAL));
        int[] cornersX = new int[4];
        int[] cornersY = new int[4];
        float direction = (float) (Math.PI / 4 + angle);
        for (int i = 0; i < 4; i++) {
            cornersX[i] = nearest(Math.sin(direction) * radius + x);
            cornersY[i] = nearest(Math.cos(direction) * radius + y);
            direction = (float) (direction + Math.PI / 2);
        }
        for (int i = 0; i < 4; i++) {
            int next = (i + 1) % 4;
            canvas.line(cornersX[i], cornersY[i], cornersX[next], cornersY[next]);
        }
    }

    /** The nearest integer; of two, the one further from zero. */
    private static int nearest(double value) {
        return (int) (value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5));
    }

    private static String braille(Canvas canvas) {
        StringBuilder text = new StringBuilder();
        for (int y = 0; y < canvas.height(); y += PIXELS_DOWN) {
            for (int x = 0; x < canvas.width(); x += PIXELS_ACROSS) {
                text.append((char) (FIRST_BRAILLE + dots(canvas, x, y)));
            }
            if (y != canvas.height() - 1) {
                text.append('\n');
            }
        }
        return text.toString();
    }

    /** Dots 1 to 3 and 4 to 6 are the columns, 7 and 8 the row below. */
    private static int dots(Canvas canvas, int x, int y) {
        int dots = 0;
        for (int row = 0; row < 3; row++) {
            dots |= canvas.get(x, y + row) << row;
            dots |= canvas.get(x + 1, y + row) << (3 + row);
        }
        return dots | canvas.get(x, y + 3) << 6 | canvas.get(x + 1, y + 3) << 7;
    }
}
