package io.keydb.operator;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.keydb.crd.v1alpha1.KeyDB;

/** Resources for tests, written as YAML. */
public final class TestResources {
    private TestResources() {}

    /**
     * The resource {@code cart} in the namespace {@code shop}, with these fields of the
     * specification.
     */
    public static KeyDB keydb(String spec) {
        return Serialization.unmarshal(
                """
                ---
                apiVersion: keydb.io/v1alpha1
                kind: KeyDB
                metadata: {namespace: shop, name: cart, uid: uid-of-cart, generation: 3}
                spec: {%s}
                """
                        .formatted(spec),
                KeyDB.class);
    }
}
