package io.keydb.server.net.tls;

import io.keydb.server.memory.Memory;
import io.keydb.server.memory.NativeHeap;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Calls to OpenSSL 3 or 1.1. Pointers are addresses. All functions are linked with one type of four
 * words: a C function does not see what lies in the argument registers behind its own, and an
 * {@code int} is the lower half of its register, as argument and as result.
 *
 * <p>Only for those who have seen that {@link OpenSslLibrary#LIBRARY} is there.
 *
 * <p>Threads: immutable; OpenSSL keeps its errors for each thread.
 */
final class OpenSsl {

    private static final FunctionDescriptor TYPE =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG);

    static final int ERROR_TEXT_BYTES = 256;

    static final MethodHandle TLS_METHOD = link("TLS_method");
    static final MethodHandle CTX_NEW = link("SSL_CTX_new");
    static final MethodHandle CTX_FREE = link("SSL_CTX_free");
    static final MethodHandle CTX_SET_OPTIONS = link("SSL_CTX_set_options");
    static final MethodHandle CTX_CTRL = link("SSL_CTX_ctrl");
    static final MethodHandle CTX_SET_TIMEOUT = link("SSL_CTX_set_timeout");
    static final MethodHandle CTX_SET_SESSION_ID = link("SSL_CTX_set_session_id_context");
    static final MethodHandle CTX_SET_VERIFY = link("SSL_CTX_set_verify");
    static final MethodHandle CTX_SET_PASSWORD = link("SSL_CTX_set_default_passwd_cb_userdata");
    static final MethodHandle CTX_CERTIFICATE = link("SSL_CTX_use_certificate_chain_file");
    static final MethodHandle CTX_KEY = link("SSL_CTX_use_PrivateKey_file");
    static final MethodHandle CTX_AUTHORITIES = link("SSL_CTX_load_verify_locations");
    static final MethodHandle CTX_CIPHERS = link("SSL_CTX_set_cipher_list");
    static final MethodHandle CTX_CIPHER_SUITES = link("SSL_CTX_set_ciphersuites");
    static final MethodHandle BIO_NEW_FILE = link("BIO_new_file");
    static final MethodHandle PEM_READ_PARAMETERS = link("PEM_read_bio_Parameters");
    static final MethodHandle PEM_READ_DH = link("PEM_read_bio_DHparams");
    static final MethodHandle PKEY_FREE = link("EVP_PKEY_free");
    static final MethodHandle DH_FREE = link("DH_free");

    /** Null in version 1.1. */
    static final @Nullable MethodHandle CTX_SET_DH = find("SSL_CTX_set0_tmp_dh_pkey");

    static final MethodHandle NEW = link("SSL_new");
    static final MethodHandle FREE = link("SSL_free");
    static final MethodHandle SET_VERIFY = link("SSL_set_verify");
    static final MethodHandle SET_ACCEPT = link("SSL_set_accept_state");
    static final MethodHandle SET_CONNECT = link("SSL_set_connect_state");
    static final MethodHandle SET_BIO = link("SSL_set_bio");
    static final MethodHandle CTRL = link("SSL_ctrl");
    static final MethodHandle DO_HANDSHAKE = link("SSL_do_handshake");
    static final MethodHandle READ = link("SSL_read");
    static final MethodHandle WRITE = link("SSL_write");
    static final MethodHandle SHUTDOWN = link("SSL_shutdown");
    static final MethodHandle GET_ERROR = link("SSL_get_error");
    static final MethodHandle PEER_CERTIFICATE =
            link("SSL_get1_peer_certificate", "SSL_get_peer_certificate");
    static final MethodHandle CERTIFICATE_BYTES = link("i2d_X509");
    static final MethodHandle CERTIFICATE_FREE = link("X509_free");

    static final MethodHandle BIO_MEMORY = link("BIO_s_mem");
    static final MethodHandle BIO_NEW = link("BIO_new");
    static final MethodHandle BIO_FREE = link("BIO_free");
    static final MethodHandle BIO_UP_REF = link("BIO_up_ref");
    static final MethodHandle BIO_READ = link("BIO_read");
    static final MethodHandle BIO_WRITE = link("BIO_write");

    private static final MethodHandle ERROR = link("ERR_get_error");
    private static final MethodHandle ERROR_TEXT = link("ERR_error_string_n");
    private static final MethodHandle CLEAR_ERROR = link("ERR_clear_error");

    private OpenSsl() {}

    /** The function of one of the names, the one of the newer version first. */
    private static MethodHandle link(String... names) {
        for (String name : names) {
            MethodHandle found = find(name);
            if (found != null) {
                return found;
            }
        }
        throw new UnsupportedOperationException("the system's OpenSSL has no " + names[0] + "()");
    }

    private static @Nullable MethodHandle find(String name) {
        SymbolLookup library = OpenSslLibrary.LIBRARY;
        return library == null
                ? null
                : library.find(name)
                        .map(function -> Linker.nativeLinker().downcallHandle(function, TYPE))
                        .orElse(null);
    }

    static long call(MethodHandle function) {
        return call(function, 0, 0, 0, 0);
    }

    static long call(MethodHandle function, long first) {
        return call(function, first, 0, 0, 0);
    }

    static long call(MethodHandle function, long first, long second) {
        return call(function, first, second, 0, 0);
    }

    static long call(MethodHandle function, long first, long second, long third) {
        return call(function, first, second, third, 0);
    }

    static long call(MethodHandle function, long first, long second, long third, long fourth) {
        try {
            return (long) function.invokeExact(first, second, third, fourth);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The oldest error of this thread in OpenSSL's own form; all others are forgotten. */
    static String error() {
        long code = call(ERROR);
        long text = NativeHeap.allocate(ERROR_TEXT_BYTES);
        try {
            call(ERROR_TEXT, code, text, ERROR_TEXT_BYTES);
            int length = 0;
            while (Memory.getByte(text + length) != 0) {
                length++;
            }
            return new String(Memory.bytes(text, length), StandardCharsets.ISO_8859_1);
        } finally {
            NativeHeap.free(text, ERROR_TEXT_BYTES);
            call(CLEAR_ERROR);
        }
    }

    /** Forgets the errors of this thread. */
    static void clearErrors() {
        call(CLEAR_ERROR);
    }
}
