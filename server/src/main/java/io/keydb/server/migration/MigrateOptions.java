package io.keydb.server.migration;

import io.keydb.server.command.Call;
import io.keydb.server.command.CommandError;
import io.keydb.server.command.Errors;
import io.keydb.server.resp.Request;
import org.jspecify.annotations.Nullable;

/**
 * What a request {@code MIGRATE host port key|"" database timeout [option ...]} says.
 *
 * <p>Threads: immutable, but for the arrays, which nobody changes.
 *
 * @param port as written; what is no port fails when it is connected to
 * @param database the database there
 * @param timeoutMillis how long the other server may be silent, above 0
 * @param copies whether the keys stay
 * @param replaces whether keys of these names are replaced there
 * @param username null for the default user
 * @param password null for no authentication
 * @param firstKey the argument that is the first key; keys go on from it
 * @param keyCount may be 0, behind KEYS
 */
record MigrateOptions(
        String host,
        String port,
        long database,
        int timeoutMillis,
        boolean copies,
        boolean replaces,
        byte @Nullable [] username,
        byte @Nullable [] password,
        int firstKey,
        int keyCount) {
    private static final int HOST = 1;
    private static final int PORT = 2;
    private static final int KEY = 3;
    private static final int DATABASE = 4;
    private static final int TIMEOUT = 5;
    private static final int FIRST_OPTION = 6;
    private static final int DEFAULT_TIMEOUT_MILLIS = 1000;
    private static final CommandError KEY_AND_KEYS =
            new CommandError(
                    "ERR When using MIGRATE KEYS option, the key argument must be set to the empty"
                            + " string");

    static MigrateOptions of(Call call) {
        boolean copies = false;
        boolean replaces = false;
        byte[] username = null;
        byte[] password = null;
        int keywordOfKeys = 0;
        for (int i = FIRST_OPTION; i < call.count() && keywordOfKeys == 0; i++) {
            int more = call.count() - 1 - i;
            if (call.is(i, "COPY")) {
                copies = true;
            } else if (call.is(i, "REPLACE")) {
                replaces = true;
            } else if (call.is(i, "AUTH") && more >= 1) {
                password = call.request().bytes(++i);
            } else if (call.is(i, "AUTH2") && more >= 2) {
                username = call.request().bytes(++i);
                password = call.request().bytes(++i);
            } else if (call.is(i, "KEYS")) {
                keywordOfKeys = i;
            } else {
                throw Errors.SYNTAX;
            }
        }
        if (keywordOfKeys > 0 && call.request().length(KEY) > 0) {
            throw KEY_AND_KEYS;
        }
        int timeoutMillis = timeoutMillis(call.integer(TIMEOUT));
        return new MigrateOptions(
                call.text(HOST),
                call.text(PORT),
                call.integer(DATABASE),
                timeoutMillis,
                copies,
                replaces,
                username,
                password,
                keywordOfKeys > 0 ? keywordOfKeys + 1 : KEY,
                keywordOfKeys > 0 ? call.count() - 1 - keywordOfKeys : 1);
    }

    private static int timeoutMillis(long asked) {
        return asked <= 0 ? DEFAULT_TIMEOUT_MILLIS : (int) Math.min(asked, Integer.MAX_VALUE);
    }

    /** The argument that is the only key; -1 where keys stand behind KEYS. */
    static int onlyKey(Request request) {
        return keywordOfKeys(request) > 0 ? -1 : KEY;
    }

    /** The first of the keys behind KEYS; -1 where there are none, or the request is an error. */
    static int firstOfKeys(Request request) {
        int keyword = keywordOfKeys(request);
        return keyword > 0 && request.length(KEY) == 0 ? keyword + 1 : -1;
    }

    /** Where KEYS stands with keys behind it, or -1. */
    private static int keywordOfKeys(Request request) {
        int i = FIRST_OPTION;
        while (i < request.count() && !Call.is(request, i, "KEYS")) {
            i += 1 + secretsBehind(request, i);
        }
        return i < request.count() - 1 ? i : -1;
    }

    /** Whether an argument is a name or password for the other server. */
    static boolean isSecret(Request request, int argument) {
        int i = FIRST_OPTION;
        while (i < argument && !Call.is(request, i, "KEYS")) {
            int secrets = secretsBehind(request, i);
            if (argument <= i + secrets) {
                return true;
            }
            i += 1 + secrets;
        }
        return false;
    }

    private static int secretsBehind(Request request, int option) {
        if (Call.is(request, option, "AUTH2")) {
            return 2;
        }
        return Call.is(request, option, "AUTH") ? 1 : 0;
    }
}
