package io.keydb.operator.plan;

/**
 * Why a step is taken, or why something waits. The text is the reason of events and conditions, and
 * so part of the API.
 */
public enum Reason {
    CREATED("Created", Weight.SILENT),
    UPDATED("Updated", Weight.SILENT),
    MEMBER_CREATED("MemberCreated", Weight.NORMAL),
    MEMBER_JOINED("MemberJoined", Weight.NORMAL),
    MEMBER_LEAVING("MemberLeaving", Weight.NORMAL),
    MEMBER_REMOVED("MemberRemoved", Weight.NORMAL),
    MEMBER_UPDATING("MemberUpdating", Weight.NORMAL),
    MEMBER_RESTARTED("MemberRestarted", Weight.NORMAL),
    MEMBER_UNREADY("MemberUnready", Weight.WARNING),
    VOLUME_DELETED("VolumeDeleted", Weight.NORMAL),
    FAILING_OVER("FailingOver", Weight.WARNING),
    TRAFFIC_MOVED("TrafficMoved", Weight.NORMAL),
    LINK_MISSING("LinkMissing", Weight.SILENT),
    LINK_OBSOLETE("LinkObsolete", Weight.SILENT),
    PASSWORD_CHANGED("PasswordChanged", Weight.NORMAL),
    DRAINING("Draining", Weight.SILENT),
    WAITING_FOR_START("WaitingForStart", Weight.SILENT),
    WAITING_FOR_MERGE("WaitingForMerge", Weight.SILENT),
    WAITING_FOR_PEERS("WaitingForPeers", Weight.SILENT),
    WAITING_FOR_DELETION("WaitingForDeletion", Weight.SILENT),
    MEMBER_UNREACHABLE("MemberUnreachable", Weight.WARNING),
    MEMBER_FAILED("MemberFailed", Weight.WARNING),
    SECRET_MISSING("SecretMissing", Weight.WARNING),
    SECRET_KEY_MISSING("SecretKeyMissing", Weight.WARNING),
    PASSWORD_NOT_USABLE("PasswordNotUsable", Weight.WARNING),
    INVALID_QUANTITY("InvalidQuantity", Weight.WARNING),
    NAME_TAKEN("NameTaken", Weight.WARNING),
    REFUSED("Refused", Weight.WARNING),
    STEP_FAILED("StepFailed", Weight.SILENT),
    INTERNAL_ERROR("InternalError", Weight.WARNING);

    /** Whether an event is written. */
    public enum Weight {
        SILENT,
        NORMAL,
        WARNING
    }

    private final String text;
    private final Weight weight;

    Reason(String text, Weight weight) {
        this.text = text;
        this.weight = weight;
    }

    public Weight weight() {
        return weight;
    }

    /** The word in events and conditions. */
    @Override
    public String toString() {
        return text;
    }
}
