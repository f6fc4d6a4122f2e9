/**
 * Bitmap commands: single bits, counting and finding them, operations on whole bitmaps, integers of
 * any width. A bitmap is a string value; what is done to its bytes lies in {@code value.bitmap}.
 *
 * <p>Threads: as command bodies, with the locks of the named keys held.
 *
 * <p>Start with {@link io.keydb.server.command.bitmap.BitCommands}.
 */
@NullMarked
package io.keydb.server.command.bitmap;

import org.jspecify.annotations.NullMarked;
