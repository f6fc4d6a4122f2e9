package io.keydb.server.persistence.aof;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.OffHeapBuffer;
import io.keydb.server.memory.Pages;
import io.keydb.server.persistence.aof.AofManifest.Part;
import io.keydb.server.persistence.aof.AofScanner.FormatException;
import io.keydb.server.persistence.aof.AofScanner.Found;
import io.keydb.server.persistence.rdb.RdbEntry;
import io.keydb.server.persistence.rdb.RdbException;
import io.keydb.server.persistence.rdb.RdbReader;
import io.keydb.server.persistence.rdb.RdbVisitor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/**
 * The tool that checks an append-only file without a server, and cuts off what is damaged at its
 * end or younger than a moment: {@code keydb check-aof}.
 *
 * <p>Threads: confined to one thread.
 */
public final class CheckAof {
    private static final String USAGE =
            "Usage: keydb check-aof [--fix|--truncate-to-timestamp $timestamp]"
                    + " <file.manifest|file.aof>";
    private static final String TIMESTAMP = "#TS:";

    private final PrintStream out;
    private final BufferedReader answers;
    private final Pages pages;
    private boolean fixes;
    private long youngest = Long.MAX_VALUE;

    /** It cannot go on; the message has been told. */
    private static final class Aborted extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** What one file looks like. */
    private enum Outcome {
        VALID,
        EMPTY,
        TRUNCATED,
        CUT_AT_MOMENT
    }

    /**
     * @param answers where the person answers whether to go on
     */
    public CheckAof(PrintStream out, BufferedReader answers, Pages pages) {
        this.out = out;
        this.answers = answers;
        this.pages = pages;
    }

    /**
     * Runs the tool.
     *
     * @return the exit code of the process: 0 when everything is valid, or is now
     */
    public int run(List<String> arguments) throws IOException {
        try {
            Path file = Path.of(parsed(arguments));
            if (!Files.isRegularFile(file)) {
                throw abort("Cannot open file " + file);
            }
            if (file.toString().endsWith(".manifest") || isManifest(file)) {
                checkManifest(file);
            } else {
                out.println("Start checking Old-Style AOF");
                tell("AOF", file, check(file, true));
            }
            return 0;
        } catch (Aborted told) {
            return 1;
        }
    }

    private String parsed(List<String> arguments) throws Aborted {
        if (arguments.size() == 1 && !arguments.getFirst().startsWith("--")) {
            return arguments.getFirst();
        }
        if (arguments.size() == 2 && arguments.getFirst().equals("--fix")) {
            fixes = true;
            return arguments.get(1);
        }
        if (arguments.size() == 3 && arguments.getFirst().equals("--truncate-to-timestamp")) {
            try {
                youngest = Long.parseLong(arguments.get(1));
            } catch (NumberFormatException none) {
                throw abort("Invalid timestamp, aborting...");
            }
            return arguments.get(2);
        }
        throw abort(USAGE);
    }

    private static boolean isManifest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(5), StandardCharsets.ISO_8859_1).equals("file ");
        }
    }

    private void checkManifest(Path file) throws IOException, Aborted {
        out.println("Start checking Multi Part AOF");
        AofManifest manifest =
                AofManifest.parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
        List<Part> parts = manifest.parts();
        for (int i = 0; i < parts.size(); i++) {
            boolean isBase = parts.get(i).equals(manifest.base());
            Path path = file.resolveSibling(parts.get(i).name());
            if (isBase) {
                String form = isRdb(path) ? "RDB" : "RESP";
                out.println("Start to check BASE AOF (" + form + " format).");
            } else if (i == 0 || parts.get(i - 1).equals(manifest.base())) {
                out.println("Start to check INCR files.");
            }
            tell(isBase ? "BASE AOF" : "INCR AOF", path, check(path, i == parts.size() - 1));
        }
        out.println("All AOF files and manifest are valid");
    }

    private static boolean isRdb(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(5), StandardCharsets.ISO_8859_1).equals("REDIS");
        }
    }

    private void tell(String kind, Path file, Outcome outcome) {
        String name = String.valueOf(file.getFileName());
        out.println(
                switch (outcome) {
                    case VALID -> kind + " " + name + " is valid";
                    case EMPTY -> kind + " " + name + " is empty";
                    case TRUNCATED -> "Successfully truncated AOF " + name;
                    case CUT_AT_MOMENT ->
                            "Successfully truncated AOF " + name + " to timestamp " + youngest;
                });
    }

    private Outcome check(Path file, boolean isLast) throws IOException, Aborted {
        long size = Files.size(file);
        if (size == 0) {
            return Outcome.EMPTY;
        }
        long valid = isRdb(file) ? checkPreamble(file) : 0;
        long line = 1;
        String damage = "";
        try (FileChannel channel = FileChannel.open(file);
                AofScanner scanner =
                        new AofScanner(
                                Channels.newInputStream(channel.position(valid)), valid, pages)) {
            boolean isWithinTransaction = false;
            try {
                Found found = scanner.next();
                while (found == Found.COMMAND || found == Found.ANNOTATION) {
                    if (found == Found.ANNOTATION && isTooYoung(scanner.text())) {
                        return cutAtMoment(file, scanner.offset(), isLast);
                    }
                    if (found == Found.COMMAND && isNamed(scanner, "MULTI")) {
                        if (isWithinTransaction) {
                            throw new FormatException("Unexpected MULTI");
                        }
                        isWithinTransaction = true;
                    } else if (found == Found.COMMAND && isNamed(scanner, "EXEC")) {
                        isWithinTransaction = false;
                    }
                    if (!isWithinTransaction) {
                        valid = scanner.endOffset();
                    }
                    line += lines(scanner);
                    found = scanner.next();
                }
                if (found == Found.TRUNCATED) {
                    damage = position(scanner) + "Unexpected end of file";
                } else if (isWithinTransaction) {
                    damage = "Reached EOF before reading EXEC for MULTI";
                }
            } catch (FormatException wrong) {
                damage = position(scanner) + wrong.getMessage();
            }
        }
        if (!damage.isEmpty()) {
            out.println(damage);
        }
        out.printf(
                "AOF analyzed: filename=%s, size=%d, ok_up_to=%d, ok_up_to_line=%d, diff=%d%n",
                file.getFileName(), size, valid, line, size - valid);
        return valid == size ? Outcome.VALID : repair(file, size, valid, isLast);
    }

    private static String position(AofScanner scanner) {
        return "0x%16x: ".formatted(scanner.offset());
    }

    private boolean isTooYoung(String annotation) {
        if (!annotation.startsWith(TIMESTAMP)) {
            return false;
        }
        try {
            return Long.parseLong(annotation.substring(TIMESTAMP.length()).strip()) > youngest;
        } catch (NumberFormatException none) {
            return false;
        }
    }

    /** Whether it is a command of one word, this one. */
    private static boolean isNamed(AofScanner scanner, String name) {
        return scanner.length() == name.length() + "*1..$4....".length()
                && scanner.text().strip().toUpperCase(Locale.ROOT).endsWith(name);
    }

    private static long lines(AofScanner scanner) {
        long lines = 0;
        for (long i = 0; i < scanner.length(); i++) {
            lines += Memory.getByte(scanner.address() + i) == '\n' ? 1 : 0;
        }
        return lines;
    }

    private Outcome cutAtMoment(Path file, long offset, boolean isLast)
            throws IOException, Aborted {
        if (offset == 0) {
            throw abort(
                    "AOF "
                            + file.getFileName()
                            + " has nothing before timestamp "
                            + youngest
                            + ", aborting...");
        }
        if (!isLast) {
            out.printf(
                    "Failed to truncate AOF %s to timestamp %d to offset %d because it is not the"
                            + " last file.%n",
                    file.getFileName(), youngest, offset);
            throw abort(
                    "If you insist, please delete all files after this file according to the"
                            + " manifest file and delete the corresponding records in manifest file"
                            + " manually. Then re-run this tool.");
        }
        truncate(file, offset);
        return Outcome.CUT_AT_MOMENT;
    }

    private Outcome repair(Path file, long size, long valid, boolean isLast)
            throws IOException, Aborted {
        String name = String.valueOf(file.getFileName());
        if (!fixes) {
            throw abort("AOF " + name + " is not valid. Use the --fix option to try fixing it.");
        }
        if (!isLast) {
            throw abort("Failed to truncate AOF " + name + " because it is not the last file");
        }
        out.printf(
                "This will shrink the AOF %s from %d bytes, with %d bytes, to %d bytes%n",
                name, size, size - valid, valid);
        out.print("Continue? [y/N]: ");
        out.flush();
        String answer = answers.readLine();
        if (answer == null || !answer.toLowerCase(Locale.ROOT).startsWith("y")) {
            throw abort("Aborting...");
        }
        truncate(file, valid);
        return Outcome.TRUNCATED;
    }

    private static void truncate(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            channel.force(true);
        }
    }

    /** Reads the dump at the start of the file; gives its length. */
    private long checkPreamble(Path file) throws IOException, Aborted {
        out.println("The AOF appears to start with an RDB preamble.");
        out.println("Checking the RDB preamble to start:");
        long length = 0;
        try (InputStream in = Files.newInputStream(file);
                RdbReader reader = new RdbReader(pages, new Nobody(), Integer.MAX_VALUE);
                OffHeapBuffer bytes = new OffHeapBuffer(pages)) {
            byte[] piece = new byte[64 * 1024];
            for (int read = in.read(piece); read > 0 && !reader.isDone(); read = in.read(piece)) {
                bytes.clear();
                bytes.append(piece, 0, read);
                length += reader.feed(bytes.address(), read);
            }
            if (reader.isDone()) {
                out.println("RDB preamble is OK, proceeding with AOF tail...");
                return length;
            }
            out.println("Unexpected end of file after offset " + length);
        } catch (RdbException damaged) {
            out.println("After offset " + length + ": " + damaged.getMessage());
        }
        throw abort("RDB preamble of AOF file is not sane, aborting.");
    }

    private Aborted abort(String message) {
        out.println(message);
        return new Aborted();
    }

    /** Takes a dump and keeps nothing of it. */
    private static final class Nobody implements RdbVisitor {
        @Override
        public void auxiliary(String name, byte[] value) {}

        @Override
        public void database(long index) {}

        @Override
        public void function(byte[] code) {}

        @Override
        public void entry(RdbEntry entry) {}

        @Override
        public void end() {}
    }
}
