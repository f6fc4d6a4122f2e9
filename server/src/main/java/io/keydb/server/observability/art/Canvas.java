package io.keydb.server.observability.art;

/**
 * Pixels of a few colours; those outside are not kept and have the colour 0.
 *
 * <p>Threads: confined to the caller.
 */
final class Canvas {
    private final int width;
    private final int height;
    private final byte[] pixels;

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        this.pixels = new byte[width * height];
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int get(int x, int y) {
        return contains(x, y) ? pixels[x + y * width] : 0;
    }

    void set(int x, int y, int colour) {
        if (contains(x, y)) {
            pixels[x + y * width] = (byte) colour;
        }
    }

    private boolean contains(int x, int y) {
        return x >= 0 && x < width && y >= 0 && y < height;
    }

    /** A line from pixel to pixel, by Bresenham's algorithm. */
    void line(int fromX, int fromY, int toX, int toY) {
        int spanX = Math.abs(toX - fromX);
        int spanY = Math.abs(toY - fromY);
        int stepX = fromX < toX ? 1 : -1;
        int stepY = fromY < toY ? 1 : -1;
        int error = spanX - spanY;
        int x = fromX;
        int y = fromY;
        set(x, y, 1);
        while (x != toX || y != toY) {
            int twice = error * 2;
            if (twice > -spanY) {
                error -= spanY;
                x += stepX;
            }
            if (twice < spanX) {
                error += spanX;
                y += stepY;
            }
            set(x, y, 1);
        }
    }
}
