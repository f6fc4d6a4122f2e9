package io.keydb.operator.resources;

import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.operator.database.Endpoint;
import java.util.OptionalInt;

/**
 * The names of everything that belongs to one {@code KeyDB}. No other class puts a name together.
 *
 * <p>Threads: immutable.
 */
public record Names(String namespace, String cluster) {
    /** The port of the servers, for clients and for each other. */
    public static final int PORT = 6379;

    /** The names of a resource. */
    public static Names of(KeyDB keydb) {
        return new Names(keydb.getMetadata().getNamespace(), keydb.getMetadata().getName());
    }

    /** As people write it. */
    @Override
    public String toString() {
        return namespace + "/" + cluster;
    }

    /** The service for writes. */
    public String readWrite() {
        return cluster + "-rw";
    }

    /** The service of every serving member. */
    public String any() {
        return cluster + "-any";
    }

    /** The service that gives pods their DNS names. */
    public String headless() {
        return cluster + "-headless";
    }

    /** The ConfigMap with keydb.conf. */
    public String config() {
        return cluster + "-config";
    }

    /** The Secret with the password. */
    public String auth() {
        return cluster + "-auth";
    }

    /** A member, and its StatefulSet and service. */
    public String member(int ordinal) {
        return cluster + "-" + ordinal;
    }

    /** The one pod of a member. */
    public String pod(int ordinal) {
        return member(ordinal) + "-0";
    }

    /** The volume claim of a member. */
    public String claim(int ordinal) {
        return member(ordinal) + "-data";
    }

    /** The DNS name under which peers reach a member, and its port. */
    public Endpoint peer(int ordinal) {
        return new Endpoint(pod(ordinal) + domain(), PORT);
    }

    /** The address of a service inside the Kubernetes cluster. */
    public Endpoint service(String name) {
        return new Endpoint(name + "." + namespace + ".svc", PORT);
    }

    /** The ordinal of the member that a link leads to, if it leads to one of ours. */
    public OptionalInt ordinalOf(Endpoint peer) {
        var suffix = "-0" + domain();
        var prefix = cluster + "-";
        var host = peer.host();
        if (!host.startsWith(prefix) || !host.endsWith(suffix)) {
            return OptionalInt.empty();
        }
        if (prefix.length() >= host.length() - suffix.length()) {
            return OptionalInt.empty();
        }
        var ordinal = host.substring(prefix.length(), host.length() - suffix.length());
        return ordinal.matches("\\d{1,3}")
                ? OptionalInt.of(Integer.parseInt(ordinal))
                : OptionalInt.empty();
    }

    private String domain() {
        return "." + headless() + "." + namespace + ".svc";
    }
}
