/**
 * Leaf classes with names of their own: checksums, glob patterns, the clock. They know nothing of
 * this project.
 *
 * <p>Called from everywhere; all classes are immutable or stateless. Start anywhere.
 */
@NullMarked
package io.keydb.server.support;

import org.jspecify.annotations.NullMarked;
