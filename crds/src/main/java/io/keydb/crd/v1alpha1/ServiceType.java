package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** From where a service can be reached. */
public enum ServiceType {
    @JsonProperty("ClusterIP")
    CLUSTER_IP("ClusterIP"),
    @JsonProperty("NodePort")
    NODE_PORT("NodePort"),
    @JsonProperty("LoadBalancer")
    LOAD_BALANCER("LoadBalancer");

    private final String text;

    ServiceType(String text) {
        this.text = text;
    }

    /** The name as Kubernetes writes it. */
    @Override
    public String toString() {
        return text;
    }
}
