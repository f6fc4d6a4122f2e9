/**
 * The same commands to a stock server and to ours, replies compared byte for byte.
 *
 * <p>Scripts lie under {@code src/test/resources/differential/<group>/}; {@link
 * io.keydb.e2e.differential.ScriptParser} tells how they are written. {@link
 * io.keydb.e2e.differential.DifferentialTest} runs them, {@link
 * io.keydb.e2e.differential.RandomDifferentialTest} makes up commands from a seed, and the two
 * completeness tests see to it that no declared command, subcommand or option is left out and that
 * what is declared about them is the same.
 *
 * <p><b>Templates of made-up commands</b> lie in {@code differential/random/<family>.txt}, one a
 * line:
 *
 * <pre>
 * # a comment
 * GET K                              capital letters on their own are replaced by arguments
 * 3* SET K V                         three times as likely
 * SET K V [NX|XX] [EX S|KEEPTTL]     one of these or nothing; may be nested
 * LMOVE K K {@literal <LEFT|RIGHT> <LEFT|RIGHT>}  one of these
 * LPUSH K V...                       one to five values
 * HSET K (E V)...                    one to five pairs
 * SINTERCARD #K [LIMIT N]            how many keys, rarely a wrong number, and the keys; also #(K V)
 * BITFIELD K GET u8 #{J}             a letter within a word
 * SET K "a word as \x00 it is"       quoted as in redis-cli: no letters in it
 * J = 0 1 7 8 "" abc                 a letter of this file; it may hide a common one
 * !CONFIG SET list-max-listpack-size 4   sent to both servers before a run
 * </pre>
 *
 * The common letters:
 *
 * <pre>
 * K key (of this family or shared by all)   D database           P pattern
 * V value                                   E field, member      G group     C consumer
 * I integer, many at the edges              N count, small       R rank or index, small
 * F number with a fraction                  O offset             X score
 * Y limit of a score range                  L limit of a range of members
 * T stream id                               S seconds            M milliseconds
 * A unix seconds                            B unix milliseconds
 * </pre>
 *
 * A run takes most commands from its own family, the others from everywhere: keys are renamed,
 * expire, and hold other types. What is not compared byte for byte stands in {@link
 * io.keydb.e2e.differential.RandomReplies} and {@link io.keydb.e2e.differential.Content}, so
 * templates are left out whose effect is a matter of chance, like {@code SPOP} of some members or
 * an id that the server makes from its clock.
 *
 * <p>Threads: everything here is confined to the thread of its test.
 */
@NullMarked
package io.keydb.e2e.differential;

import org.jspecify.annotations.NullMarked;
