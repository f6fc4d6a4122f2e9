/**
 * Commands about the connection itself: greeting, authentication, the chosen database, and CLIENT.
 *
 * <p>Threads: as command bodies; CLIENT KILL and CLIENT LIST read other clients through what is
 * volatile in them.
 */
@NullMarked
package io.keydb.server.command.connection;

import org.jspecify.annotations.NullMarked;
