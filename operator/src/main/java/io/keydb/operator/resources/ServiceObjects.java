package io.keydb.operator.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.crd.v1alpha1.ServiceTemplate;
import java.util.Map;

/**
 * The services of a deployment: for writes, for every serving member, for DNS names, and one per
 * member.
 *
 * <p>Threads: without state.
 */
public final class ServiceObjects {
    private static final String PORT_NAME = "keydb";

    private ServiceObjects() {}

    /** Leads to where writes go. */
    public static Service readWrite(KeyDB keydb) {
        var names = Names.of(keydb);
        return forClients(
                keydb,
                names.readWrite(),
                Labels.selectingTraffic(names, Labels.WRITE),
                keydb.getSpec().services().readWrite());
    }

    /** Leads to every serving member. */
    public static Service any(KeyDB keydb) {
        var names = Names.of(keydb);
        return forClients(
                keydb,
                names.any(),
                Labels.selectingTraffic(names, Labels.SERVING),
                keydb.getSpec().services().any());
    }

    /**
     * Gives each pod a DNS name, also while it is not ready: peers need it to merge, which is what
     * makes it ready.
     */
    public static Service headless(KeyDB keydb) {
        var names = Names.of(keydb);
        return new ServiceBuilder()
                .withMetadata(Owner.owned(keydb, names.headless(), Labels.ofCluster(names)))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.selectingCluster(names))
                .withPorts(port(Names.PORT, PORT_NAME))
                .endSpec()
                .build();
    }

    /** Leads to one member, for people who look for something. */
    public static Service member(KeyDB keydb, int ordinal) {
        var names = Names.of(keydb);
        return new ServiceBuilder()
                .withMetadata(
                        Owner.owned(keydb, names.member(ordinal), Labels.ofMember(names, ordinal)))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(Labels.selectingMember(names, ordinal))
                .withPorts(port(Names.PORT, PORT_NAME))
                .endSpec()
                .build();
    }

    private static Service forClients(
            KeyDB keydb, String name, Map<String, String> selector, ServiceTemplate template) {
        var labels = Labels.ofCluster(Names.of(keydb));
        return new ServiceBuilder()
                .withMetadata(Owner.owned(keydb, name, labels))
                .editMetadata()
                .withAnnotations(template.annotations())
                .endMetadata()
                .withNewSpec()
                .withType(template.type().toString())
                .withSelector(selector)
                .withPorts(port(Names.PORT, PORT_NAME))
                .endSpec()
                .build();
    }

    private static ServicePort port(int number, String name) {
        return new ServicePortBuilder()
                .withName(name)
                .withProtocol("TCP")
                .withPort(number)
                .withTargetPort(new IntOrString(name))
                .build();
    }
}
