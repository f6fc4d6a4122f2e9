/**
 * Leaf classes with names of their own: checksums, glob patterns, the clock. They know nothing of
 * this project.
 *
 * <p>Called from everywhere; each class says who may use it at the same time. Start anywhere.
 */
@NullMarked
package io.keydb.server.support;

import org.jspecify.annotations.NullMarked;
