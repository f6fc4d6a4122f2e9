package io.keydb.operator.resources;

import java.util.Map;
import java.util.TreeMap;

/**
 * The labels and annotations that the operator sets, and the selectors made of them.
 *
 * <p>Threads: immutable.
 */
public final class Labels {
    /** Name of the KeyDB an object belongs to. */
    public static final String CLUSTER = "keydb.io/cluster";

    /** Name of the member an object belongs to. */
    public static final String MEMBER = "keydb.io/member";

    /** Ordinal of the member an object belongs to. */
    public static final String ORDINAL = "keydb.io/ordinal";

    /** On a pod: {@code true} while the service {@code -any} leads to it. */
    public static final String SERVING = "keydb.io/serving";

    /** On a pod: {@code true} while the service {@code -rw} leads to it. */
    public static final String WRITE = "keydb.io/write";

    /** Annotation of a pod: changes with everything that needs a restart. */
    public static final String CONFIG_HASH = "keydb.io/config-hash";

    /** Annotation of a StatefulSet and of its pod: the pod template it was made from. */
    public static final String TEMPLATE_HASH = "keydb.io/template-hash";

    /** Annotation of a StatefulSet: {@code true} once the member has been in service. */
    public static final String JOINED = "keydb.io/joined";

    /** Annotation of every object: changes with what was applied. */
    public static final String APPLIED_HASH = "keydb.io/applied-hash";

    public static final String TRUE = "true";
    public static final String FALSE = "false";

    private Labels() {}

    /** Labels of an object that belongs to a deployment. */
    public static Map<String, String> ofCluster(Names names) {
        var labels = new TreeMap<String, String>();
        labels.put("app.kubernetes.io/name", "keydb");
        labels.put("app.kubernetes.io/instance", names.cluster());
        labels.put("app.kubernetes.io/managed-by", "keydb-operator");
        labels.put(CLUSTER, names.cluster());
        return labels;
    }

    /** Labels of an object that belongs to a member. */
    public static Map<String, String> ofMember(Names names, int ordinal) {
        var labels = ofCluster(names);
        labels.put(MEMBER, names.member(ordinal));
        labels.put(ORDINAL, Integer.toString(ordinal));
        return labels;
    }

    /** Selects the pods of a deployment. */
    public static Map<String, String> selectingCluster(Names names) {
        return Map.of(CLUSTER, names.cluster());
    }

    /** Selects the pod of a member. */
    public static Map<String, String> selectingMember(Names names, int ordinal) {
        return Map.of(CLUSTER, names.cluster(), MEMBER, names.member(ordinal));
    }

    /** Selects the pods that have a label of traffic. */
    public static Map<String, String> selectingTraffic(Names names, String label) {
        return Map.of(CLUSTER, names.cluster(), label, TRUE);
    }
}
