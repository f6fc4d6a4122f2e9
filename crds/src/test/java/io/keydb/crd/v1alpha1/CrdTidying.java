package io.keydb.crd.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Puts right what the generator does to records and columns: rules repeated on a record component
 * come twice, from its field and from its accessor, and printer columns come sorted by path instead
 * of in the order in which they are declared.
 *
 * <p>Threads: immutable.
 */
final class CrdTidying implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata resource, String crdVersion) {
        var crd = (CustomResourceDefinition) resource;
        var declared =
                Arrays.stream(KeyDB.class.getAnnotationsByType(AdditionalPrinterColumn.class))
                        .map(AdditionalPrinterColumn::name)
                        .toList();
        for (var version : crd.getSpec().getVersions()) {
            version.getAdditionalPrinterColumns().sort(inOrderOf(declared));
            dropRepeatedRules(version.getSchema().getOpenAPIV3Schema());
        }
        return crd;
    }

    private static Comparator<CustomResourceColumnDefinition> inOrderOf(List<String> names) {
        return Comparator.comparingInt(column -> names.indexOf(column.getName()));
    }

    private static void dropRepeatedRules(JSONSchemaProps schema) {
        var rules = schema.getXKubernetesValidations();
        if (rules != null) {
            schema.setXKubernetesValidations(rules.stream().distinct().toList());
        }
        schema.getProperties().values().forEach(CrdTidying::dropRepeatedRules);
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            dropRepeatedRules(schema.getItems().getSchema());
        }
    }
}
