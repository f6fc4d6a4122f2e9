package io.keydb.server.observability.art;

import java.util.random.RandomGenerator;

/**
 * LOLWUT of version 6: a city by night as in games of 8 bits. Two rows of towers in shades of grey
 * stand behind one row of black ones with lit windows.
 *
 * <p>Drawn in blanks with a background colour each, one to a pixel.
 *
 * <p>Threads: confined to the caller.
 */
final class Skyline {
    private static final int WHITE = 3;
    private static final int LEFT_OF_PICTURE = -10;
    private static final String[] COLOURS = {"0;30;40m", "0;90;100m", "0;37;47m", "0;97;107m"};

    private final RandomGenerator random;
    private final Canvas canvas;

    Skyline(RandomGenerator random, int columns, int rows) {
        this.random = random;
        this.canvas = new Canvas(columns, rows);
    }

    String draw() {
        for (int y = 0; y < canvas.height(); y++) {
            for (int x = 0; x < canvas.width(); x++) {
                canvas.set(x, y, WHITE);
            }
        }
        background(2, canvas.height() / 2);
        background(1, canvas.height() / 3);
        foreground();
        return coloured();
    }

    /** A row of towers of one grey, half as high as the picture and up to so much more. */
    private void background(int colour, int more) {
        int x = LEFT_OF_PICTURE;
        while (x < canvas.width()) {
            x += random.nextInt(8);
            int width = 10 + random.nextInt(9);
            int height = canvas.height() / 2 + random.nextInt(Math.max(1, more));
            tower(x, width, height, colour, false);
            x += colour == 2 ? width / 2 : width + 1;
        }
    }

    private void foreground() {
        int x = LEFT_OF_PICTURE;
        while (x < canvas.width()) {
            x += random.nextInt(8);
            int width = 5 + random.nextInt(14);
            width += width % 4 == 0 ? 0 : width % 3;
            int height = canvas.height() / 3 + random.nextInt(Math.max(1, canvas.height() / 2));
            tower(x, width, height, 0, true);
            x += width + 5;
        }
    }

    private void tower(int left, int width, int height, int colour, boolean hasWindows) {
        int bottom = canvas.height() - 1;
        int top = bottom - height + 1;
        for (int y = bottom; y >= top; y--) {
            int inset = y == top ? 2 : 0; // the roof
            for (int x = left + inset; x < left + width - inset; x++) {
                boolean isWindow =
                        hasWindows
                                && x > left + 1
                                && x < left + width - 2
                                && y > top + 1
                                && y < bottom - 1
                                && (x - left - 1) / 2 % 2 == 1
                                && (y - top - 1) % 2 == 1;
                canvas.set(x, y, isWindow ? window(x, y, left) : colour);
            }
        }
    }

    /** Both pixels of a window have the same light. */
    private int window(int x, int y, int left) {
        return (x - left - 1) % 2 == 1 ? canvas.get(x - 1, y) : 1 + random.nextInt(2);
    }

    private String coloured() {
        StringBuilder text = new StringBuilder();
        for (int y = 0; y < canvas.height(); y++) {
            for (int x = 0; x < canvas.width(); x++) {
                text.append("\033[").append(COLOURS[canvas.get(x, y)]).append(" \033[0m");
            }
            if (y != canvas.height() - 1) {
                text.append('\n');
            }
        }
        return text.toString();
    }
}
