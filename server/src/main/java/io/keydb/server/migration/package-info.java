/**
 * MIGRATE: keys move to another server, over a connection of this server's own.
 *
 * <pre>
 *   MIGRATE ──► Migration ──► Transfer ──► Target     AUTH, SELECT, a RESTORE for each key
 *                    │                            ▲
 *                    └────────► Targets ──────────┘        connections are kept for ten seconds
 * </pre>
 *
 * The command runs on a worker, under the locks of its keys until the other server has answered: no
 * one sees a key on both servers or on none. Keys of other partitions are served meanwhile.
 */
@NullMarked
package io.keydb.server.migration;

import org.jspecify.annotations.NullMarked;
