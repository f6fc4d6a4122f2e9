package io.keydb.crd.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * One deployment of the KeyDB server: a single server, a pair or a mesh of servers that all take
 * writes.
 *
 * <p>Threads: mutable as all fabric8 resources are; what comes from an informer's cache must not be
 * changed.
 */
@Group(KeyDB.GROUP)
@Version(KeyDB.VERSION)
@Kind(KeyDB.KIND)
@Plural("keydbs")
@Singular("keydb")
@ShortNames("kdb")
@Categories({"all", "keydb"})
@AdditionalPrinterColumn(
        name = "Mode",
        jsonPath = ".spec.topology.mode",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Members",
        jsonPath = ".status.replicas",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Serving",
        jsonPath = ".status.readyReplicas",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Writes",
        jsonPath = ".status.writeMember",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Endpoint",
        jsonPath = ".status.endpoints.readWrite",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "size(self.metadata.name) <= 40",
        message =
                "metadata.name must have at most 40 characters, names of pods and services are made from it")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "metadata.name must start with a letter and have only a-z, 0-9 and '-', services are named after it")
public final class KeyDB extends CustomResource<KeyDBSpec, KeyDBStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    public static final String GROUP = "keydb.io";
    public static final String VERSION = "v1alpha1";
    public static final String KIND = "KeyDB";

    @Override
    protected @Nullable KeyDBSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable KeyDBStatus initStatus() {
        return null;
    }
}
