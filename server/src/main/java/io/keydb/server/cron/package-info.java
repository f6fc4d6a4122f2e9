/**
 * Runs cron jobs. A job is a key, see {@link io.keydb.server.value.cron.CronJob}; active expiry
 * finds those that are due, and one of the nodes of an active group runs them.
 *
 * <p>Start with {@link io.keydb.server.cron.CronRuns}.
 */
@NullMarked
package io.keydb.server.cron;

import org.jspecify.annotations.NullMarked;
