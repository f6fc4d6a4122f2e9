/**
 * Clients and tools that people use, unchanged, against our server: Jedis, Lettuce, {@code
 * redis-cli}, {@code redis-benchmark}.
 *
 * <p>Threads: each test is confined to its thread. Start reading at {@link
 * io.keydb.e2e.clients.JedisTest}.
 */
@NullMarked
package io.keydb.e2e.clients;

import org.jspecify.annotations.NullMarked;
