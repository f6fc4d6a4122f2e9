package io.keydb.e2e.controlplane.kubelet;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where the paths a container sees are on this machine; rewrites them in arguments and
 * configuration files.
 *
 * <p>A path counts where a word begins with it, and only as a whole: {@code /data} and {@code
 * /data/x}, not {@code /database}.
 *
 * <p>Threads: immutable.
 */
final class PathMapping {

    private final Map<String, Path> mounts;
    private final Pattern pattern;

    /**
     * A mapping.
     *
     * @param mounts mount paths and their places
     */
    PathMapping(Map<String, Path> mounts) {
        this.mounts = Map.copyOf(mounts);
        String alternatives =
                mounts.keySet().stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|"));
        this.pattern =
                Pattern.compile(
                        "(?<![\\w./-])(" + alternatives + ")(?=[/\\s\"']|$)", Pattern.MULTILINE);
    }

    /** A text with all paths rewritten, in one pass. */
    String rewrite(String text) {
        if (mounts.isEmpty()) {
            return text;
        }
        Matcher matcher = pattern.matcher(text);
        return matcher.replaceAll(
                found -> Matcher.quoteReplacement(String.valueOf(mounts.get(found.group(1)))));
    }
}
