package io.keydb.server.acl;

import io.keydb.server.acl.SelectorWords.Unmatched;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The file of the users: a line for each, {@code user name rules...}; no comments, since it is
 * written anew by ACL SAVE.
 *
 * <p>Reading checks the whole file and tells all that is wrong with it. Writing goes to a file
 * beside it, which then takes its place, so that it is whole whenever the machine stops.
 *
 * <p>Threads: safe.
 */
final class AclFile {
    private static final String NOTHING_CHANGED =
            "WARNING: ACL errors detected, no change to the previously active ACL rules was"
                    + " performed";

    private final String name;
    private final Path path;
    private final AtomicLong written = new AtomicLong();

    /**
     * @param name the file as the configuration names it
     * @param folder where relative names begin
     */
    AclFile(String name, Path folder) {
        this.name = name;
        this.path = folder.resolve(name);
    }

    /** Why a file was not loaded: everything that is wrong with it in one line. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String errors) {
            super(errors, null, false, false);
        }

        String errors() {
            return String.valueOf(getMessage());
        }
    }

    /** The users in the file. */
    Map<String, UserRules> read(Users users) throws Unreadable {
        List<String> lines = lines();
        Map<String, UserRules> read = new LinkedHashMap<>();
        StringBuilder errors = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = trimmed(lines.get(i), " \t\r\n");
            if (!line.isEmpty()) {
                readLine(i + 1, List.of(line.split(" ", -1)), users, read, errors);
            }
        }
        if (!errors.isEmpty()) {
            throw new Unreadable(errors + NOTHING_CHANGED);
        }
        return read;
    }

    private List<String> lines() throws Unreadable {
        try {
            String all = Files.readString(path, StandardCharsets.ISO_8859_1);
            return List.of(all.split("\n", -1));
        } catch (IOException unreadable) {
            throw new Unreadable(
                    "Error loading ACLs, opening file '" + name + "': " + reason(unreadable));
        }
    }

    private void readLine(
            int number,
            List<String> words,
            Users users,
            Map<String, UserRules> read,
            StringBuilder errors) {
        String place = name + ":" + number;
        if (words.size() < 2 || !words.getFirst().equals("user")) {
            errors.append(place)
                    .append(" should start with user keyword followed by the username. ");
            return;
        }
        String user = words.get(1);
        if (Names.hasSpaces(user)) {
            errors.append("'" + place + ": username '" + user + "' contains invalid characters. ");
            return;
        }
        if (read.containsKey(user)) {
            errors.append("WARNING: Duplicate user '" + user + "' found on line " + number + ". ");
            return;
        }
        UserDraft draft = users.newDraft();
        try {
            takeAll(draft, SelectorWords.join(words.subList(2, words.size())), place, errors);
        } catch (Unmatched open) {
            errors.append(place).append(": Unmatched parenthesis in selector definition.");
        }
        read.put(user, draft.finish());
    }

    /** Of unknown commands all are told, of other errors the first, as it may cause the others. */
    private static void takeAll(
            UserDraft draft, List<String> rules, String place, StringBuilder errors) {
        boolean told = false;
        for (String rule : rules) {
            String trimmed = trimmed(rule, "\t\r\n");
            try {
                draft.take(trimmed);
            } catch (RuleError wrong) {
                if (wrong.reason() == RuleError.Reason.UNKNOWN_COMMAND) {
                    errors.append(place)
                            .append(": Error in applying operation '" + trimmed + "': ")
                            .append(wrong.text())
                            .append(". ");
                } else if (!told) {
                    errors.append(place).append(": ").append(wrong.text()).append(". ");
                    told = true;
                }
            }
        }
    }

    /** Replaces the file by these users; it is on the disk when this returns. */
    void write(List<Account> users) throws IOException {
        List<String> lines = new ArrayList<>();
        users.forEach(user -> lines.add(user.describe() + "\n"));
        byte[] bytes = String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
        Path temporary =
                path.resolveSibling(
                        path.getFileName()
                                + ".tmp-"
                                + ProcessHandle.current().pid()
                                + "-"
                                + written.incrementAndGet());
        try {
            writeFile(temporary, bytes);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            syncFolder();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void writeFile(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private void syncFolder() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException absent -> "No such file or directory";
            case AccessDeniedException denied -> "Permission denied";
            default -> String.valueOf(failure.getMessage());
        };
    }

    private static String trimmed(String text, String characters) {
        int start = 0;
        int end = text.length();
        while (start < end && characters.indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (end > start && characters.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(start, end);
    }
}
