/**
 * The RDB format: the data set as a stream of bytes, as stock servers write and read it.
 *
 * <pre>
 *   rdb       = "REDIS" digit digit digit digit  *( aux | function | module-aux )  *database  FF  crc64
 *   database  = FE length  [ FB length length ]  *( aux | entry )
 *   entry     = [ F8 length | F9 u8 ]  [ FD u32le seconds | FC u64le milliseconds ]   type string value
 *   aux       = FA string string
 *   length    = 00xxxxxx | 01xxxxxx u8 | 80 u32be | 81 u64be
 *   string    = length bytes | C0 i8 | C1 i16le | C2 i32le | C3 length(packed) length(original) lzf
 *   crc64     = 8 bytes, little-endian, over everything before; 0 = not computed; since version 5
 * </pre>
 *
 * <p>Written is version 10, collections as plain sequences of strings; read are versions 1 to 12
 * with every form of value that stock servers and KeyDB ever wrote ({@code RdbFormat.form}). Values
 * of module types are read when the module is there, as one string each. What else modules keep in
 * an RDB, and cron jobs, are refused with a message that names them. Everything read is validated
 * before it is used.
 *
 * <p>A value on its way: the reader waits until it is whole ({@code Extent}), {@code ValueDecoder}
 * shows its content to a {@link io.keydb.server.value.ContentSink}, and {@code ValueBuilder} is the
 * one that makes a record of it. Out it goes from {@link io.keydb.server.value.Contents} to {@code
 * ValueWriter}, which is such a sink, too.
 *
 * <p>Our own auxiliary fields, which other servers ignore, are listed at {@link
 * io.keydb.server.persistence.rdb.AuxiliaryField}.
 *
 * <p>Threads: a reader or writer is confined to one thread.
 *
 * <p>Start with {@link io.keydb.server.persistence.rdb.RdbWriter} and {@link
 * io.keydb.server.persistence.rdb.RdbReader}.
 */
@NullMarked
package io.keydb.server.persistence.rdb;

import org.jspecify.annotations.NullMarked;
