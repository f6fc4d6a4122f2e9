package io.keydb.server.boot;

/** Starts the server. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {}
}
