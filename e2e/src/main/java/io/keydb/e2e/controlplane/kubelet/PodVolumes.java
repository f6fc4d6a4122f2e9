package io.keydb.e2e.controlplane.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.api.Api;
import io.keydb.e2e.controlplane.api.ResourceKind;
import io.keydb.e2e.controlplane.api.ResourceKinds;
import io.keydb.e2e.controlplane.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of one pod as directories: ConfigMaps and Secrets written out, claims and empty
 * directories made.
 *
 * <p>Files that end in {@code .conf} have the container's paths rewritten to this machine's.
 *
 * <p>Threads: confined to the pod's executor.
 */
final class PodVolumes {

    /** A volume cannot be mounted yet; the message is the kubelet's. */
    static final class NotMounted extends Exception {
        private static final long serialVersionUID = 1L;

        NotMounted(String message) {
            super(message);
        }
    }

    private final Api api;
    private final JsonNode pod;
    private final Path root;
    private final Path claims;

    /**
     * The volumes of a pod.
     *
     * @param root the pod's directory
     * @param claims where volume claims have their directories
     */
    PodVolumes(Api api, JsonNode pod, Path root, Path claims) {
        this.api = api;
        this.pod = pod;
        this.root = root;
        this.claims = claims;
    }

    /** Writes everything out; what is there already is brought up to date. */
    void mount() throws NotMounted, IOException {
        for (JsonNode volume : Json.at(pod, "spec", "volumes")) {
            Path directory = place(volume);
            Files.createDirectories(directory);
            if (volume.has("configMap")) {
                write(volume.path("configMap"), "name", ResourceKinds.CONFIG_MAP, directory);
            } else if (volume.has("secret")) {
                write(volume.path("secret"), "secretName", ResourceKinds.SECRET, directory);
            }
        }
    }

    /** Where a volume's content is. */
    private Path place(JsonNode volume) throws NotMounted {
        String claimName = Json.text(volume, "persistentVolumeClaim", "claimName");
        String name = Json.text(volume, "name");
        if (claimName.isEmpty()) {
            return root.resolve("volumes").resolve(name);
        }
        JsonNode claim = api.find(ResourceKinds.CLAIM, namespace(), claimName);
        if (claim == null) {
            throw new NotMounted("persistentvolumeclaim \"" + claimName + "\" not found");
        }
        if (!Json.text(claim, "status", "phase").equals("Bound")) {
            throw new NotMounted("pod has unbound immediate PersistentVolumeClaims: " + claimName);
        }
        return claims.resolve(Json.text(claim, "spec", "volumeName"));
    }

    private String namespace() {
        return Json.text(pod, "metadata", "namespace");
    }

    private void write(JsonNode source, String nameField, ResourceKind kind, Path directory)
            throws NotMounted, IOException {
        String name = Json.text(source, nameField);
        @Nullable JsonNode object = api.find(kind, namespace(), name);
        if (object == null) {
            if (source.path("optional").asBoolean()) {
                return;
            }
            String called = kind.equals(ResourceKinds.SECRET) ? "secret" : "configmap";
            throw new NotMounted(
                    "MountVolume.SetUp failed for volume: "
                            + called
                            + " \""
                            + name
                            + "\" not found");
        }
        Map<String, byte[]> files = files(object, kind.equals(ResourceKinds.SECRET));
        JsonNode items = source.path("items");
        if (items.isEmpty()) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                writeFile(directory.resolve(file.getKey()), file.getValue());
            }
            return;
        }
        for (JsonNode item : items) {
            byte[] content = files.get(Json.text(item, "key"));
            if (content == null) {
                throw new NotMounted(
                        "references non-existent "
                                + called(kind)
                                + " key: "
                                + Json.text(item, "key"));
            }
            writeFile(directory.resolve(Json.text(item, "path")), content);
        }
    }

    private static String called(ResourceKind kind) {
        return kind.equals(ResourceKinds.SECRET) ? "secret" : "config";
    }

    private static Map<String, byte[]> files(JsonNode object, boolean encoded) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        object.path("data")
                .properties()
                .forEach(
                        field -> {
                            String text = field.getValue().asText();
                            files.put(
                                    field.getKey(),
                                    encoded
                                            ? Base64.getDecoder().decode(text)
                                            : text.getBytes(StandardCharsets.UTF_8));
                        });
        object.path("binaryData")
                .properties()
                .forEach(
                        field ->
                                files.put(
                                        field.getKey(),
                                        Base64.getDecoder().decode(field.getValue().asText())));
        return files;
    }

    private void writeFile(Path file, byte[] content) throws IOException, NotMounted {
        byte[] written = content;
        if (file.toString().endsWith(".conf")) {
            String text = new String(content, StandardCharsets.UTF_8);
            written = mapping(null).rewrite(text).getBytes(StandardCharsets.UTF_8);
        }
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.write(fresh, written);
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Where the mounts of a container, or of all containers, are. */
    PathMapping mapping(@Nullable JsonNode container) throws NotMounted {
        Map<String, Path> volumes = new LinkedHashMap<>();
        for (JsonNode volume : Json.at(pod, "spec", "volumes")) {
            volumes.put(Json.text(volume, "name"), place(volume));
        }
        Map<String, Path> mounts = new LinkedHashMap<>();
        for (JsonNode candidate : Json.at(pod, "spec", "containers")) {
            if (container != null && !candidate.equals(container)) {
                continue;
            }
            for (JsonNode mount : candidate.path("volumeMounts")) {
                Path volume = volumes.get(Json.text(mount, "name"));
                String subPath = Json.text(mount, "subPath");
                if (volume != null) {
                    mounts.put(
                            Json.text(mount, "mountPath").replaceAll("/+$", ""),
                            subPath.isEmpty() ? volume : volume.resolve(subPath));
                }
            }
        }
        return new PathMapping(mounts);
    }
}
