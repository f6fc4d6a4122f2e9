package io.keydb.e2e.differential;

import java.util.List;
import java.util.Optional;

/**
 * One parsed script: the steps and what they need around them.
 *
 * @param name group and file, for instance {@code string/set}
 * @param serverDirectives present when the script needs servers of its own, started with these
 *     directives
 * @param plain true when connections must not say HELLO first; such a script has no RESP3 variant
 *     of its own
 * @param protocols the protocol versions to run it in
 * @param needs commands without which the script is left out
 *     <p>Threads: immutable.
 */
record Script(
        String name,
        Optional<List<String>> serverDirectives,
        boolean plain,
        List<Integer> protocols,
        List<String> needs,
        List<Step> steps) {

    /** One line of a script. */
    record Step(int line, String text, String connection, Action action) {}

    /** What a line does on its connection. */
    sealed interface Action {

        /** Sends a command and compares the reply; the reply may be kept under a name. */
        record Call(List<String> words, ReplyComparison comparison, String variable, boolean closes)
                implements Action {}

        /** Walks a whole SCAN and compares what was found as a set. */
        record Scan(List<String> words) implements Action {}

        /** Sends bytes as they are and reads nothing. */
        record Send(String bytes) implements Action {}

        /** Reads one reply and compares it. */
        record Read(ReplyComparison comparison, boolean closes) implements Action {}

        /** Expects that the server has closed the connection. */
        record Closed() implements Action {}

        /** Opens the connection, again if need be. */
        record Open() implements Action {}

        /** Asks INFO until a field has this value. */
        record Await(String field, String value) implements Action {}

        /** Waits. */
        record Sleep(long millis) implements Action {}
    }
}
