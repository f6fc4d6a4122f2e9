package io.keydb.operator.apply;

import java.io.Serial;

/** An object that is to be made exists already, and somebody else made it. */
final class NameTaken extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    NameTaken(String message) {
        super(message);
    }
}
