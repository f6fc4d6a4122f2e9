package io.keydb.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Reads configuration files in the syntax of {@code redis.conf}: one directive per line, {@code #}
 * comments, quotes and escapes (see {@link WordSplitter}), and {@code include path}, where the last
 * part of the path may hold {@code * ? [...]}: the files it matches are read in the order of their
 * names, and none is no error. A path that is not absolute starts at the working directory.
 *
 * <p>Threads: confined to the caller.
 */
public final class ConfigFile {
    private final List<ConfigLine> lines = new ArrayList<>();
    private final Deque<Path> open = new ArrayDeque<>();

    private ConfigFile() {}

    /** The lines of the file and of all it includes, in the order in which they count. */
    public static List<ConfigLine> read(Path file) throws ConfigFileException {
        ConfigFile reader = new ConfigFile();
        reader.readFile(file.toAbsolutePath().normalize());
        return reader.lines;
    }

    private void readFile(Path file) throws ConfigFileException {
        List<String> text = text(file);
        open.push(file);
        for (int i = 0; i < text.size(); i++) {
            String line = text.get(i).strip();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                readLine(file, i + 1, line);
            }
        }
        open.pop();
    }

    private void readLine(Path file, int number, String text) throws ConfigFileException {
        List<String> words = WordSplitter.split(text);
        if (words == null) {
            throw ConfigLine.refused(
                    file.toString(), number, text, "Unbalanced quotes in configuration line");
        }
        ConfigLine line = new ConfigLine(file.toString(), number, text, words);
        if (line.name().equals("include") && words.size() == 2) {
            include(line, words.get(1));
        } else {
            lines.add(line);
        }
    }

    private void include(ConfigLine line, String pattern) throws ConfigFileException {
        for (Path file : matches(Path.of(pattern).toAbsolutePath().normalize())) {
            if (open.contains(file)) {
                throw line.refused("the file includes itself");
            }
            readFile(file);
        }
    }

    private static List<Path> matches(Path pattern) throws ConfigFileException {
        Path name = pattern.getFileName();
        Path folder = pattern.getParent();
        if (name == null || folder == null || !name.toString().matches(".*[*?\\[].*")) {
            return List.of(pattern);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, name.toString())) {
            found.forEach(files::add);
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (IOException unreadable) {
            throw cannotOpen(folder, unreadable);
        }
        Collections.sort(files);
        return files;
    }

    private static List<String> text(Path file) throws ConfigFileException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException unreadable) {
            throw cannotOpen(file, unreadable);
        }
    }

    private static ConfigFileException cannotOpen(Path file, IOException cause) {
        String reason =
                switch (cause) {
                    case NoSuchFileException absent -> "No such file or directory";
                    case AccessDeniedException denied -> "Permission denied";
                    default -> String.valueOf(cause.getMessage());
                };
        return new ConfigFileException(
                "Fatal error, can't open config file '" + file + "': " + reason);
    }
}
