/**
 * The custom resource {@code KeyDB} of the API group {@code keydb.io}, version {@code v1alpha1}:
 * types without behaviour.
 *
 * <p>The CRD that users install is generated from these records and checked in at {@code
 * crds/src/main/crd}; a test compares the two. One record per node of the tree, named as in YAML;
 * the description of a component is the user's documentation and says what a change of the field
 * costs. A record fills in the same defaults as the schema, so that the rest of the code never
 * meets an absent field that has one.
 *
 * <p>Used by the operator, the local control plane and tests. Threads: everything here is immutable
 * except {@link io.keydb.crd.v1alpha1.KeyDB} itself, which fabric8 fills. Start reading at {@link
 * io.keydb.crd.v1alpha1.KeyDBSpec}.
 */
@NullMarked
package io.keydb.crd.v1alpha1;

import org.jspecify.annotations.NullMarked;
