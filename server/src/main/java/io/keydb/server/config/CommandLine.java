package io.keydb.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The arguments a server is started with: {@code [file] [--directive value ...] ...}, or one of
 * {@code --version -v --help -h}. A directive takes the arguments up to the next one that starts
 * with {@code --}; the first of them may start with {@code --} itself. {@code "--port 7000"} in one
 * argument works too.
 *
 * <p>Threads: immutable.
 *
 * @param request what is asked for
 * @param file the configuration file, if one is named
 * @param lines the directives that follow, which count after those of the file
 */
public record CommandLine(Request request, Optional<Path> file, List<ConfigLine> lines) {

    /** What the person who started the program asks for. */
    public enum Request {
        SERVE,
        VERSION,
        HELP
    }

    /** Reads the arguments. */
    public static CommandLine parse(List<String> arguments) throws ConfigFileException {
        if (arguments.size() == 1) {
            switch (arguments.getFirst()) {
                case "--version", "-v" -> {
                    return new CommandLine(Request.VERSION, Optional.empty(), List.of());
                }
                case "--help", "-h" -> {
                    return new CommandLine(Request.HELP, Optional.empty(), List.of());
                }
                default -> {}
            }
        }
        if (arguments.isEmpty() || arguments.getFirst().startsWith("-")) {
            return new CommandLine(Request.SERVE, Optional.empty(), lines(arguments));
        }
        Path file = Path.of(arguments.getFirst());
        return new CommandLine(
                Request.SERVE, Optional.of(file), lines(arguments.subList(1, arguments.size())));
    }

    /** The lines of the file, if there is one, then those of the command line. */
    public List<ConfigLine> allLines() throws ConfigFileException {
        List<ConfigLine> all = new ArrayList<>();
        if (file.isPresent()) {
            all.addAll(ConfigFile.read(file.get()));
        }
        all.addAll(lines);
        return all;
    }

    private static List<ConfigLine> lines(List<String> arguments) throws ConfigFileException {
        List<ConfigLine> lines = new ArrayList<>();
        int position = 0;
        while (position < arguments.size()) {
            String option = arguments.get(position);
            int end = endOfOption(arguments, position);
            lines.add(line(option, arguments.subList(position + 1, end)));
            position = end;
        }
        return lines;
    }

    /** The position of the next option. */
    private static int endOfOption(List<String> arguments, int start) {
        boolean valueWanted = !arguments.get(start).strip().contains(" ");
        int end = start + 1;
        while (end < arguments.size() && (valueWanted || !arguments.get(end).startsWith("--"))) {
            valueWanted = false;
            end++;
        }
        return end;
    }

    private static ConfigLine line(String option, List<String> values) throws ConfigFileException {
        String text = String.join(" ", option, String.join(" ", values)).strip();
        List<String> words = new ArrayList<>();
        List<String> ofOption =
                WordSplitter.split(option.startsWith("--") ? option.substring(2) : option);
        if (ofOption == null || ofOption.isEmpty()) {
            throw ConfigLine.refused(
                    ConfigLine.COMMAND_LINE, 0, text, "Bad directive or wrong number of arguments");
        }
        words.addAll(ofOption);
        words.addAll(values);
        return new ConfigLine(ConfigLine.COMMAND_LINE, 0, text, List.copyOf(words));
    }
}
