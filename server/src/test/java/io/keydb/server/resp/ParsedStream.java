package io.keydb.server.resp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a parser makes of a stream: the requests, and the error if the stream is broken.
 *
 * @param requests each a list of arguments, one character for each byte
 * @param error empty when the stream is sound
 */
record ParsedStream(List<List<String>> requests, String error) {

    /**
     * Feeds the pieces one after another; before each, the bytes not used up move to a fresh block.
     */
    static ParsedStream of(RequestLimits limits, byte[]... pieces) {
        List<List<String>> requests = new ArrayList<>();
        byte[] kept = {};
        try (RequestParser parser = new RequestParser(limits)) {
            for (byte[] piece : pieces) {
                byte[] available = Arrays.copyOf(kept, kept.length + piece.length);
                System.arraycopy(piece, 0, available, kept.length, piece.length);
                try (NativeBytes bytes = new NativeBytes(available)) {
                    String error = drain(parser, bytes, requests);
                    if (!error.isEmpty()) {
                        return new ParsedStream(requests, error);
                    }
                    int used = (int) (parser.position() - bytes.address());
                    kept = Arrays.copyOfRange(available, used, available.length);
                }
            }
        }
        return new ParsedStream(requests, "");
    }

    private static String drain(
            RequestParser parser, NativeBytes bytes, List<List<String>> requests) {
        long position = bytes.address();
        while (true) {
            switch (parser.next(position, bytes.end())) {
                case COMPLETE -> {
                    long after = parser.position();
                    if (after <= position || after > bytes.end()) {
                        throw new AssertionError("position " + after + " after " + position);
                    }
                    requests.add(arguments(parser.request(), position, after));
                    position = after;
                }
                case INCOMPLETE -> {
                    return "";
                }
                case FAILED -> {
                    return parser.error();
                }
            }
        }
    }

    private static List<String> arguments(Request request, long from, long end) {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < request.count(); i++) {
            long address = request.address(i);
            int length = request.length(i);
            if (length < 0 || address < from || address + length > end) {
                throw new AssertionError("argument " + i + " lies outside its request");
            }
            arguments.add(new String(request.bytes(i), StandardCharsets.ISO_8859_1));
        }
        return arguments;
    }
}
