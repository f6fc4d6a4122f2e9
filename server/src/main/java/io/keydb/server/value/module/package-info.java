/**
 * Values whose type a module has brought: bytes that the server keeps, copies, saves and frees, and
 * whose meaning only the module knows.
 *
 * <pre>
 *   identity (8)   bytes of the module
 *
 *   identity = nine characters of six bits each, the first one highest | ten bits of version
 * </pre>
 *
 * The identity is that of stock's module types, and stands in an RDB the same way. A value says by
 * itself of which type it is, so nothing is lost while its module is not there.
 */
@NullMarked
package io.keydb.server.value.module;

import org.jspecify.annotations.NullMarked;
