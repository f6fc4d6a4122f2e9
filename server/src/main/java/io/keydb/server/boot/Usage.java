package io.keydb.server.boot;

/** The text of {@code --help}. */
final class Usage {
    static final String TEXT =
            """
            Usage: keydb-server [/path/to/keydb.conf] [--directive value ...] ...
                   keydb-server -v or --version
                   keydb-server -h or --help

            A directive on the command line counts more than one in the file.

            Examples:
                   keydb-server (run the server with the defaults)
                   keydb-server /etc/keydb/keydb.conf
                   keydb-server --port 7777
                   keydb-server /etc/keydb/keydb.conf --loglevel verbose --bind 127.0.0.1 ::1
            """;

    private Usage() {}
}
