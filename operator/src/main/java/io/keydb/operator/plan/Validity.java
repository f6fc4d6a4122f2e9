package io.keydb.operator.plan;

import io.fabric8.kubernetes.api.model.Quantity;
import io.keydb.crd.v1alpha1.KeyDBSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the schema and the rules of the CRD cannot say.
 *
 * <p>Threads: without state.
 */
final class Validity {
    private Validity() {}

    /**
     * What is wrong with a specification; while something is, no object is changed, and traffic is
     * steered as before.
     */
    static List<Finding> problems(KeyDBSpec spec) {
        var problems = new ArrayList<Finding>();
        var resources = spec.resources();
        if (resources != null) {
            addInvalid(problems, "resources.requests.", resources.requests());
            addInvalid(problems, "resources.limits.", resources.limits());
        }
        return problems;
    }

    private static void addInvalid(
            List<Finding> problems, String path, Map<String, Quantity> quantities) {
        quantities.forEach(
                (name, quantity) -> {
                    if (!isValid(quantity)) {
                        var message = path + name + " is not a quantity, such as 500m or 1Gi";
                        problems.add(new Finding(Reason.INVALID_QUANTITY, message));
                    }
                });
    }

    private static boolean isValid(Quantity quantity) {
        try {
            return quantity.getNumericalAmount().signum() >= 0;
        } catch (IllegalArgumentException | ArithmeticException e) {
            return false;
        }
    }
}
