package io.keydb.server.command;

/** What a command does. */
@FunctionalInterface
public interface Handler {
    /**
     * Runs with the locks the command's declaration asks for; writes exactly one reply.
     *
     * @throws CommandError to answer with an error; nothing may have been changed by then
     */
    void run(Call call);
}
