/**
 * Messages between clients: channels, patterns and sharded channels.
 *
 * <pre>
 *   PUBLISH ──► Subscriptions: who listens to the channel, whose pattern matches
 *                   └──► Subscriber.deliver: into its mailbox, from any thread
 *                            └──► on the event loop of its connection: written and sent, in order
 * </pre>
 *
 * <p>Messages of one publisher reach a subscriber in their order; those of several publishers in
 * the order in which they came to the mailbox. A message never stands between the reply of a
 * command and its parts, nor before the confirmation of the subscription it belongs to.
 *
 * <p>Threads: the registry is safe; a subscriber changes its subscriptions on the thread that
 * serves it. Start with {@link io.keydb.server.pubsub.Subscriptions}.
 */
@NullMarked
package io.keydb.server.pubsub;

import org.jspecify.annotations.NullMarked;
