package io.keydb.server.replication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code links.conf}: the links of an active node that were made while it ran, so that it connects
 * again by itself after a restart. One {@code replicaof host port} for each line; lines that begin
 * with a hash sign are comments.
 *
 * <p>Threads: one writer at a time.
 */
final class LinksFile {
    static final String NAME = "links.conf";

    private static final String HEADER =
            "# Links made by REPLICAOF; written by the server, replaced at every change.\n";

    private final Path file;

    LinksFile(Path directory) {
        this.file = directory.resolve(NAME);
    }

    /**
     * The links that were kept last; none when there is no file.
     *
     * @throws IOException when the file cannot be read or is not one of ours
     */
    List<Upstream> read() throws IOException {
        List<Upstream> links = new ArrayList<>();
        if (!Files.exists(file)) {
            return links;
        }
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            String stripped = line.strip();
            if (!stripped.isEmpty() && stripped.charAt(0) != '#') {
                links.add(parse(stripped, number));
            }
        }
        return links;
    }

    private Upstream parse(String line, int number) throws IOException {
        String[] words = line.split("\\s+", -1);
        if (words.length == 3 && words[0].equals("replicaof")) {
            try {
                int port = Integer.parseInt(words[2]);
                if (Upstream.isPort(port)) {
                    return new Upstream(words[1], port);
                }
            } catch (NumberFormatException malformed) {
                throw malformed(line, number);
            }
        }
        throw malformed(line, number);
    }

    private IOException malformed(String line, int number) {
        return new IOException(
                file
                        + ", line "
                        + number
                        + ": expected 'replicaof host port', found '"
                        + line
                        + "'");
    }

    void write(List<Upstream> links) throws IOException {
        StringBuilder text = new StringBuilder(HEADER);
        for (Upstream link : links) {
            text.append("replicaof ").append(link.host()).append(' ').append(link.port());
            text.append('\n');
        }
        AtomicFile.write(file, text.toString());
    }
}
