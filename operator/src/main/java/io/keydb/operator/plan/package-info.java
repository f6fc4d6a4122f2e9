/**
 * Decides: from an observation and the time to a list of steps, each with a reason. Pure functions,
 * no client, no input or output.
 *
 * <p>A plan is complete each time: it says everything that may be done now, and the next
 * observation leads to the next plan. Nothing waits in here; "not yet" is a finding with a reason,
 * which the status shows. Properties that every plan keeps:
 *
 * <ul>
 *   <li>a member is taken out of service, removed or restarted only while another one serves,
 *       unless there is only one;
 *   <li>a member that has been in service is removed or restarted only after the others hold
 *       everything it holds;
 *   <li>a member comes into service only after it has merged with all that serve; an empty one is
 *       never the first;
 *   <li>scaling changes no object of a member that stays.
 * </ul>
 *
 * <p>Threads: everything is immutable or without state. Start reading at {@link
 * io.keydb.operator.plan.Planner}.
 */
@NullMarked
package io.keydb.operator.plan;

import org.jspecify.annotations.NullMarked;
