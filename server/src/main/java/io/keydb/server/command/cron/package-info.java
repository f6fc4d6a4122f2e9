/**
 * KeyDB's cron jobs: scripts that run by themselves.
 *
 * <p>Start with {@link io.keydb.server.command.cron.CronCommands}.
 */
@NullMarked
package io.keydb.server.command.cron;

import org.jspecify.annotations.NullMarked;
