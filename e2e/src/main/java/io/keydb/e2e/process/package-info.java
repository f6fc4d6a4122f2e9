/**
 * Real server processes and the bytes they answer: start and stop a server of ours or a stock one,
 * read its memory and processor time, talk to it over a plain socket.
 *
 * <p>Everything else in this module stands on it. Threads: a {@link
 * io.keydb.e2e.process.ServerProcess} may be shared, a {@link io.keydb.e2e.process.RespClient}
 * belongs to one thread. Start reading at {@link io.keydb.e2e.process.ServerLaunch}.
 */
@NullMarked
package io.keydb.e2e.process;

import org.jspecify.annotations.NullMarked;
