package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/**
 * Services through which clients connect.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Services(
        @Default("{}")
                @JsonPropertyDescription("The service <name>-rw, which leads to where writes go.")
                ServiceTemplate readWrite,
        @Default("{}")
                @JsonPropertyDescription(
                        "The service <name>-any, which leads to every serving member.")
                ServiceTemplate any) {

    static final Services DEFAULT = new Services(ServiceTemplate.DEFAULT, ServiceTemplate.DEFAULT);

    public Services {
        readWrite = readWrite == null ? ServiceTemplate.DEFAULT : readWrite;
        any = any == null ? ServiceTemplate.DEFAULT : any;
    }
}
