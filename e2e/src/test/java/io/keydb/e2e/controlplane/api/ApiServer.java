package io.keydb.e2e.controlplane.api;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** A started API server with a client, for one test. */
final class ApiServer implements AutoCloseable {

    final Api api;
    final KubernetesClient client;
    private final HttpApi http;
    private final GarbageCollector collector;

    ApiServer() throws IOException {
        api = new Api(new TestAddresses());
        api.create(ResourceKinds.NAMESPACE, "", namespace("default"), WriteOptions.by("test"));
        collector = new GarbageCollector(api);
        http = HttpApi.start(api, PodLogs.NONE, "127.0.0.1", 0);
        client = clientOf(http.url());
    }

    static KubernetesClient clientOf(String url) {
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(url)
                        .withNamespace("default")
                        .withRequestTimeout(10_000)
                        .withRequestRetryBackoffLimit(0)
                        .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    static com.fasterxml.jackson.databind.node.ObjectNode namespace(String name) {
        var namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        return namespace;
    }

    String url() {
        return http.url();
    }

    /** Creates any resource from YAML. */
    GenericKubernetesResource create(String yaml) {
        return (GenericKubernetesResource)
                client.resource(
                                io.fabric8.kubernetes.client.utils.Serialization.unmarshal(
                                        yaml, GenericKubernetesResource.class))
                        .create();
    }

    @Override
    public void close() {
        client.close();
        http.close();
        collector.close();
    }

    private static final class TestAddresses implements ServiceAddresses {
        private final Set<String> taken = new HashSet<>();
        private int next = 1;

        @Override
        public String allocate() {
            String address = "127.9.0." + next++;
            taken.add(address);
            return address;
        }

        @Override
        public boolean claim(String address) {
            return address.startsWith("127.9.0.") && taken.add(address);
        }

        @Override
        public void release(String address) {
            taken.remove(address);
        }
    }
}
