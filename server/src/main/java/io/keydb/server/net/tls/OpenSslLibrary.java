package io.keydb.server.net.tls;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import org.jspecify.annotations.Nullable;

/**
 * The system's OpenSSL, which is looked for when TLS is first asked for; a server without TLS never
 * loads it.
 *
 * <p>Threads: immutable.
 */
final class OpenSslLibrary {

    private static final String[] NAMES = {"libssl.so.3", "libssl.so.1.1", "libssl.so"};

    /** Null where there is none. */
    static final @Nullable SymbolLookup LIBRARY = find();

    private OpenSslLibrary() {}

    private static @Nullable SymbolLookup find() {
        for (String name : NAMES) {
            SymbolLookup library = open(name);
            if (library != null) {
                return library;
            }
        }
        return null;
    }

    private static @Nullable SymbolLookup open(String name) {
        try {
            return SymbolLookup.libraryLookup(name, Arena.global());
        } catch (IllegalArgumentException absent) {
            return null;
        }
    }
}
