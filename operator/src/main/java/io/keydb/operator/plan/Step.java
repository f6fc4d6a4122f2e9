package io.keydb.operator.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.keydb.operator.database.Endpoint;
import io.keydb.operator.observe.Member;

/** One thing to do, with its reason. Doing it twice does no harm. */
public sealed interface Step {
    /** Why. */
    Finding why();

    /** Make an object what it is to be; {@code isNew} when none was seen. */
    record Apply(HasMetadata object, boolean isNew, Finding why) implements Step {}

    /** Delete an object. */
    record Delete(HasMetadata object, Finding why) implements Step {}

    /** Let clients come to a pod, or not. */
    record Route(Pod pod, boolean serving, boolean write, Finding why) implements Step {}

    /** Let a member receive the writes of a peer. */
    record Link(Member member, Endpoint peer, Finding why) implements Step {}

    /** Let a member forget a peer. */
    record Unlink(Member member, Endpoint peer, Finding why) implements Step {}

    /** Disconnect the clients that a member out of service still has. */
    record Disconnect(Member member, Finding why) implements Step {}

    /** Give a member the current password. */
    record ChangePassword(Member member, Finding why) implements Step {}
}
