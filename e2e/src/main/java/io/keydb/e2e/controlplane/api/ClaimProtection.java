package io.keydb.e2e.controlplane.api;

/**
 * The finalizer that keeps a volume claim while a pod uses it.
 *
 * <p>Threads: immutable.
 */
public final class ClaimProtection {

    /**
     * Added when a claim is created, removed by the volume controller when no pod uses the deleted
     * claim.
     */
    public static final String FINALIZER = "kubernetes.io/pvc-protection";

    private ClaimProtection() {}
}
