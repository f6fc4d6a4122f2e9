package io.keydb.server.command;

import java.util.List;

/**
 * The libraries of functions, as dumps and replicas carry them: each is its code. Implemented by
 * {@code scripting}.
 *
 * <p>Threads: needs the locks of all partitions.
 */
public interface FunctionStore {
    /** The code of every library. */
    List<byte[]> codes();

    /**
     * Has these libraries and no others.
     *
     * @throws CommandError when one of them is wrong; then nothing has changed
     */
    void replace(List<byte[]> codes);

    /**
     * Has these libraries besides those it has.
     *
     * @param replaces whether one of the same name makes way; otherwise it is an error
     * @throws CommandError when one of them is wrong; then nothing has changed
     */
    void add(List<byte[]> codes, boolean replaces);

    /** Has no functions, whatever it is given. */
    static FunctionStore none() {
        return new FunctionStore() {
            @Override
            public List<byte[]> codes() {
                return List.of();
            }

            @Override
            public void replace(List<byte[]> codes) {}

            @Override
            public void add(List<byte[]> codes, boolean replaces) {}
        };
    }
}
