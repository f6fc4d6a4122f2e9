package io.keydb.server.command;

import io.keydb.server.resp.Request;
import java.util.Set;

/** What a request does with its keys, for commands where that depends on their options. */
@FunctionalInterface
public interface KeyFlagChoice {
    Set<KeyFlag> of(Request request);
}
