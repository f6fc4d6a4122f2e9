package io.keydb.server.config;

import io.keydb.server.config.ConfigLine.Source;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments a server is started with: {@code [file] [-] [--directive value ...] ...}, or one of
 * {@code --version -v --help -h --check-system}. A directive takes the arguments up to the next one
 * that starts with {@code --}; the first of them may start with {@code --} itself. {@code "--port
 * 7000"} in one argument works too, and {@code --save} without a value stands for an empty one. A
 * {@code -} in front or at the end reads more lines from the standard input.
 *
 * <p>What counts is the last of: the file, the standard input, the environment, the command line.
 *
 * <p>Threads: immutable.
 *
 * @param request what is asked for
 * @param file the configuration file, if one is named
 * @param readsInput whether the standard input holds further lines
 * @param options the lines that the directives of the command line stand for
 */
public record CommandLine(
        Request request, Optional<Path> file, boolean readsInput, List<String> options) {

    /** What the person who started the program asks for. */
    public enum Request {
        SERVE,
        VERSION,
        HELP,
        CHECK_SYSTEM
    }

    /** Reads the arguments. */
    public static CommandLine parse(List<String> arguments) {
        Request request = request(arguments);
        if (request != Request.SERVE || arguments.isEmpty()) {
            return new CommandLine(request, Optional.empty(), false, List.of());
        }
        if (arguments.getFirst().startsWith("-")) {
            return parse(Optional.empty(), arguments);
        }
        Path file = Path.of(arguments.getFirst());
        return parse(Optional.of(file), arguments.subList(1, arguments.size()));
    }

    private static Request request(List<String> arguments) {
        return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
            case "--version", "-v" -> Request.VERSION;
            case "--help", "-h" -> Request.HELP;
            case "--check-system" -> Request.CHECK_SYSTEM;
            default -> Request.SERVE;
        };
    }

    private static CommandLine parse(Optional<Path> file, List<String> arguments) {
        Options options = new Options();
        boolean readsInput = false;
        for (int i = 0; i < arguments.size(); i++) {
            boolean last = i == arguments.size() - 1;
            boolean first = i == 0 && file.isEmpty();
            String argument = arguments.get(i);
            if (argument.equals("-") && (first || last)) {
                readsInput = true;
            } else {
                options.add(argument, last || arguments.get(i + 1).startsWith("--"));
            }
        }
        return new CommandLine(Request.SERVE, file, readsInput, options.lines());
    }

    /**
     * The lines of the file, of the standard input, of the environment and of the command line.
     *
     * @param environment the variables of the process
     */
    public List<ConfigLine> allLines(
            InputStream input, Map<String, String> environment, Directives directives)
            throws ConfigFileException {
        ConfigFile read = new ConfigFile();
        if (file.isPresent()) {
            read.readFile(file.get());
        }
        if (readsInput) {
            read.readStream(input);
        }
        List<ConfigLine> all = new ArrayList<>(read.lines());
        all.addAll(Environment.lines(environment, directives));
        all.addAll(optionLines(read.nextNumber()));
        return all;
    }

    /** The lines of the command line alone. */
    public List<ConfigLine> optionLines() throws ConfigFileException {
        return optionLines(2);
    }

    private List<ConfigLine> optionLines(int firstNumber) throws ConfigFileException {
        List<ConfigLine> lines = new ArrayList<>();
        for (String text : options) {
            int number = firstNumber + lines.size();
            List<String> words = WordSplitter.split(text);
            if (words == null) {
                throw ConfigLine.refused(
                        Source.COMMAND_LINE,
                        "",
                        number,
                        text,
                        "Unbalanced quotes in configuration line");
            }
            if (!words.isEmpty()) {
                lines.add(new ConfigLine(Source.COMMAND_LINE, "", number, text, words));
            }
        }
        return lines;
    }

    /** Puts arguments together to lines. */
    private static final class Options {
        private final List<StringBuilder> lines = new ArrayList<>();
        private boolean valueWanted;

        /**
         * @param end whether nothing follows, or what could be the next option
         */
        void add(String argument, boolean end) {
            if (!valueWanted && argument.startsWith("--")) {
                StringBuilder line = new StringBuilder(argument.substring(2)).append(' ');
                lines.add(line);
                List<String> words = WordSplitter.split(argument);
                valueWanted = words != null && words.size() == 1;
                if (valueWanted && end && argument.toLowerCase(Locale.ROOT).equals("--save")) {
                    line.append("\"\"");
                    valueWanted = false;
                }
            } else {
                if (lines.isEmpty()) {
                    lines.add(new StringBuilder());
                }
                lines.getLast().append(QuotedText.quote(argument)).append(' ');
                valueWanted = false;
            }
        }

        List<String> lines() {
            return lines.stream().map(line -> line.toString().strip()).toList();
        }
    }
}
