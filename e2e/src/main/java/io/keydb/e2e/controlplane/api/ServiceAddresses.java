package io.keydb.e2e.controlplane.api;

/**
 * Where cluster IPs of Services come from.
 *
 * <p>Threads: called under the store's lock only.
 */
public interface ServiceAddresses {

    /** A cluster IP that no Service has. */
    String allocate();

    /** Takes a particular address; false when it is taken or outside the range. */
    boolean claim(String address);

    /** Gives an address back. */
    void release(String address);
}
