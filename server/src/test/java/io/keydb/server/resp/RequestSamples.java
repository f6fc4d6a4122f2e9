package io.keydb.server.resp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Valid requests of every form, for tests that cut and mutate them. */
final class RequestSamples {

    static final List<String> ALL =
            List.of(
                    "*1\r\n$4\r\nPING\r\n",
                    "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n",
                    "*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000001\r\n$3\r\nxxx\r\n",
                    "*2\r\n$3\r\nGET\r\n$5\r\na\0b\r\n\r\n",
                    "*0\r\n",
                    "*-1\r\n",
                    "\r\n",
                    "*12\r\n" + "$1\r\na\r\n".repeat(12),
                    "*2\r\n$4\r\nECHO\r\n$120\r\n" + "0123456789".repeat(12) + "\r\n",
                    "PING\r\n",
                    "SET key value\n",
                    "  SET   key\t\"a b\\x41\\n\\\"\" \r\n",
                    "SET 'it\\'s' \"\" ''\r\n",
                    "*3\r\n$5\r\nHSET1\r\n$1\r\n1\r\n$2\r\n\r\n\r\n");

    private RequestSamples() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
