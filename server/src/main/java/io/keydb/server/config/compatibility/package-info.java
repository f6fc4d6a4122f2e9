/**
 * Directives of Redis, Valkey and KeyDB that change nothing here, by topic: taken, checked and
 * shown as there, so that their configuration files start this server unchanged. Each says in one
 * sentence why it has no effect; a few refuse the values that somebody would miss.
 *
 * <p>Threads: immutable.
 */
@NullMarked
package io.keydb.server.config.compatibility;

import org.jspecify.annotations.NullMarked;
