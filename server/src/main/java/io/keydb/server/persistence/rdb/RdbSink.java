package io.keydb.server.persistence.rdb;

import java.io.IOException;

/** Where the bytes of an RDB go. */
@FunctionalInterface
public interface RdbSink {
    /** Takes bytes; may wait until there is room. The array is reused afterwards. */
    void write(byte[] bytes, int offset, int length) throws IOException;
}
