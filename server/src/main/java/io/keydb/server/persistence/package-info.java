/**
 * The data outside the process: dumps of single values here, whole data sets in {@code rdb}.
 *
 * <p>Threads: stateless but for a switch.
 */
@NullMarked
package io.keydb.server.persistence;

import org.jspecify.annotations.NullMarked;
