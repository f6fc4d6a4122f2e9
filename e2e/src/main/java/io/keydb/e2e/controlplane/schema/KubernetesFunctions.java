package io.keydb.e2e.controlplane.schema;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The functions Kubernetes adds to CEL for resource rules: quantities, regular expression search
 * and list aggregates.
 *
 * <p>Threads: immutable.
 */
final class KubernetesFunctions {

    private static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    private static final CelType ITEM = TypeParamType.create("T");
    private static final CelType ITEMS = ListType.create(ITEM);

    private KubernetesFunctions() {}

    static List<CelFunctionDecl> declarations() {
        return List.of(
                global("quantity", QUANTITY, SimpleType.STRING),
                global("isQuantity", SimpleType.BOOL, SimpleType.STRING),
                member("compareTo", SimpleType.INT, QUANTITY, QUANTITY),
                member("isGreaterThan", SimpleType.BOOL, QUANTITY, QUANTITY),
                member("isLessThan", SimpleType.BOOL, QUANTITY, QUANTITY),
                member("isInteger", SimpleType.BOOL, QUANTITY),
                member("asInteger", SimpleType.INT, QUANTITY),
                member("sign", SimpleType.INT, QUANTITY),
                member("find", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING),
                member("isSorted", SimpleType.BOOL, ITEMS),
                member("sum", ITEM, ITEMS),
                member("min", ITEM, ITEMS),
                member("max", ITEM, ITEMS));
    }

    static List<CelFunctionBinding> bindings() {
        return List.of(
                CelFunctionBinding.from("kubernetes_quantity", String.class, Quantity::parse),
                CelFunctionBinding.from(
                        "kubernetes_isQuantity", String.class, Quantity::isQuantity),
                CelFunctionBinding.from(
                        "kubernetes_compareTo",
                        Quantity.class,
                        Quantity.class,
                        (a, b) -> (long) a.compareTo(b)),
                CelFunctionBinding.from(
                        "kubernetes_isGreaterThan",
                        Quantity.class,
                        Quantity.class,
                        (a, b) -> a.compareTo(b) > 0),
                CelFunctionBinding.from(
                        "kubernetes_isLessThan",
                        Quantity.class,
                        Quantity.class,
                        (a, b) -> a.compareTo(b) < 0),
                CelFunctionBinding.from(
                        "kubernetes_isInteger",
                        Quantity.class,
                        quantity -> quantity.value().stripTrailingZeros().scale() <= 0),
                CelFunctionBinding.from(
                        "kubernetes_asInteger",
                        Quantity.class,
                        quantity -> quantity.value().longValueExact()),
                CelFunctionBinding.from(
                        "kubernetes_sign",
                        Quantity.class,
                        quantity -> (long) quantity.value().signum()),
                CelFunctionBinding.from(
                        "kubernetes_find", String.class, String.class, KubernetesFunctions::find),
                CelFunctionBinding.from(
                        "kubernetes_isSorted", Collection.class, KubernetesFunctions::isSorted),
                CelFunctionBinding.from(
                        "kubernetes_sum", Collection.class, KubernetesFunctions::sum),
                CelFunctionBinding.from(
                        "kubernetes_min", Collection.class, items -> extreme(items, -1)),
                CelFunctionBinding.from(
                        "kubernetes_max", Collection.class, items -> extreme(items, 1)));
    }

    private static CelFunctionDecl global(String name, CelType result, CelType... parameters) {
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newGlobalOverload("kubernetes_" + name, result, parameters));
    }

    private static CelFunctionDecl member(String name, CelType result, CelType... parameters) {
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newMemberOverload("kubernetes_" + name, result, parameters));
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    @SuppressWarnings("unchecked") // the rule's type check admits lists of one comparable type only
    private static int compare(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }

    private static boolean isSorted(Collection<?> items) {
        Object previous = null;
        for (Object item : items) {
            if (previous != null && compare(previous, item) > 0) {
                return false;
            }
            previous = item;
        }
        return true;
    }

    private static Object sum(Collection<?> items) {
        boolean floating = items.stream().anyMatch(Double.class::isInstance);
        if (floating) {
            return items.stream().mapToDouble(item -> ((Number) item).doubleValue()).sum();
        }
        return items.stream().mapToLong(item -> ((Number) item).longValue()).sum();
    }

    private static Object extreme(Collection<?> items, int direction) {
        Object best = null;
        for (Object item : items) {
            if (best == null || Integer.signum(compare(item, best)) == direction) {
                best = item;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("min and max need a list that is not empty");
        }
        return best;
    }
}
