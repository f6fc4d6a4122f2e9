/**
 * What the server remembers of one connection: identity, chosen database, protocol, transaction
 * state; and the registry of all of them.
 *
 * <p>Threads: a {@link io.keydb.server.client.Client} is confined to its connection's event loop,
 * except for the fields that say otherwise; the registry is safe.
 */
@NullMarked
package io.keydb.server.client;

import org.jspecify.annotations.NullMarked;
