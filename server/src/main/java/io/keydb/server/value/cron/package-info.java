/**
 * The value of a cron job: a script with its arguments and when it is to run.
 *
 * <p>Threads: confined to the partition lock of the record's key.
 *
 * <p>Start with {@link io.keydb.server.value.cron.CronJob}.
 */
@NullMarked
package io.keydb.server.value.cron;

import org.jspecify.annotations.NullMarked;
