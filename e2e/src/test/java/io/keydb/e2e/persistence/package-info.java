/**
 * What is on disk survives: processes that are killed, disks that are full, files that another
 * server has written.
 */
@NullMarked
package io.keydb.e2e.persistence;

import org.jspecify.annotations.NullMarked;
