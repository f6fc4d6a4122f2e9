package io.keydb.server.command;

import io.keydb.server.memory.DecimalText;
import io.keydb.server.resp.Request;
import java.util.Locale;

/**
 * Finds a request's keys by the key specifications of its command.
 *
 * <p>Threads: immutable.
 */
public final class KeyFinder {
    /** Is told the keys one by one. */
    public interface KeySink {
        void key(int argumentIndex, KeySpec spec);
    }

    private KeyFinder() {}

    /**
     * Tells {@code sink} the arguments that are keys, in the order of the specifications.
     *
     * @return false when the arguments do not fit a specification (a count that is no number)
     */
    public static boolean find(Command command, Request request, KeySink sink) {
        boolean fits = true;
        for (KeySpec spec : command.keySpecs()) {
            fits &= find(spec, request, sink);
        }
        return fits;
    }

    private static boolean find(KeySpec spec, Request request, KeySink sink) {
        KeySpec.KeyLocator locator = spec.locator();
        int first = locator == null ? begin(spec, request) : locator.locate(request);
        if (first <= 0 || first >= request.count()) {
            return true;
        }
        return switch (spec.find()) {
            case KeySpec.Range range -> inRange(spec, range, first, request, sink);
            case KeySpec.Counted counted -> counted(spec, counted, first, request, sink);
            case KeySpec.Unknown unknown -> {
                sink.key(first, spec);
                yield true;
            }
        };
    }

    private static int begin(KeySpec spec, Request request) {
        return switch (spec.begin()) {
            case KeySpec.AtIndex at -> at.index();
            case KeySpec.AtKeyword at -> behindKeyword(at, request);
            case KeySpec.Unknown unknown -> unknown.locator().locate(request);
        };
    }

    private static boolean inRange(
            KeySpec spec, KeySpec.Range range, int first, Request request, KeySink sink) {
        int last;
        if (range.last() >= 0) {
            last = first + range.last();
        } else if (range.limit() > 1) {
            last = first + (request.count() - first) / range.limit() + range.last();
        } else {
            last = request.count() + range.last();
        }
        for (int i = first; i <= last && i < request.count(); i += range.step()) {
            sink.key(i, spec);
        }
        return true;
    }

    private static boolean counted(
            KeySpec spec, KeySpec.Counted counted, int first, Request request, KeySink sink) {
        int countAt = first + counted.countAt();
        if (countAt >= request.count()) {
            return false;
        }
        long count = DecimalText.parse(request.address(countAt), request.length(countAt));
        int position = first + counted.firstKeyAt();
        boolean isPossible = count >= 0 && count <= request.count(); // so that nothing overflows
        if (!isPossible || position + (count - 1) * counted.step() >= request.count()) {
            return false;
        }
        for (long i = 0; i < count; i++) {
            sink.key(position, spec);
            position += counted.step();
        }
        return true;
    }

    private static int behindKeyword(KeySpec.AtKeyword at, Request request) {
        String keyword = at.keyword().toUpperCase(Locale.ROOT);
        int start = at.startFrom() >= 0 ? at.startFrom() : request.count() + at.startFrom();
        int step = at.startFrom() >= 0 ? 1 : -1;
        for (int i = start; i > 0 && i < request.count(); i += step) {
            if (Call.is(request, i, keyword)) {
                return i + 1;
            }
        }
        return -1;
    }
}
