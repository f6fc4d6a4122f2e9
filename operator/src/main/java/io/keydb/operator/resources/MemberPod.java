package io.keydb.operator.resources;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.keydb.crd.v1alpha1.KeyDB;
import io.keydb.crd.v1alpha1.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pod of a member. It fulfils the restricted Pod Security Standard: no root, no capability, no
 * writable root file system.
 *
 * <p>Threads: without state.
 */
final class MemberPod {
    /** The user of the image; a number, so that the kubelet can check that it is not root. */
    private static final long USER = 10001;

    /** Long enough to answer what runs and to hand the last writes to peers. */
    private static final long GRACE_SECONDS = 30;

    /**
     * A server that loads a large data set is alive all the time, so this covers only a slow start
     * of the process.
     */
    private static final int START_SECONDS = 120;

    private static final int MODE_READABLE = 0444;

    private MemberPod() {}

    static PodSpec spec(KeyDB keydb, int ordinal, String defaultImage) {
        var spec = keydb.getSpec();
        return new PodSpecBuilder()
                .withContainers(container(keydb, defaultImage))
                .withVolumes(volumes(keydb, ordinal))
                .withSecurityContext(podSecurity())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withNodeSelector(spec.podTemplate().nodeSelector())
                .withTolerations(spec.podTemplate().tolerations())
                .withAffinity(
                        Objects.requireNonNullElseGet(
                                spec.podTemplate().affinity(), () -> apart(Names.of(keydb))))
                .build();
    }

    private static Container container(KeyDB keydb, String defaultImage) {
        var spec = keydb.getSpec();
        return new ContainerBuilder()
                .withName("keydb")
                .withImage(Objects.requireNonNullElse(spec.image(), defaultImage))
                .withImagePullPolicy(spec.imagePullPolicy().toString())
                .withArgs(KeydbConf.DIRECTORY + "/" + KeydbConf.FILE)
                .withPorts(port("keydb", Names.PORT), port("management", KeydbConf.MANAGEMENT_PORT))
                .withResources(resources(spec.resources()))
                .withVolumeMounts(mounts(spec.auth().enabled()))
                .withSecurityContext(containerSecurity())
                .withStartupProbe(probe("/health/live", 1, START_SECONDS, 1))
                .withLivenessProbe(probe("/health/live", 5, 6, 5))
                .withReadinessProbe(probe("/health/ready", 1, 2, 1))
                .build();
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    private static ResourceRequirements resources(@Nullable Resources resources) {
        if (resources == null) {
            return new ResourceRequirements();
        }
        return new ResourceRequirementsBuilder()
                .withRequests(resources.requests())
                .withLimits(resources.limits())
                .build();
    }

    private static Probe probe(
            String path, int periodSeconds, int failureThreshold, int timeoutSeconds) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString("management"))
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withFailureThreshold(failureThreshold)
                .withTimeoutSeconds(timeoutSeconds)
                .withSuccessThreshold(1)
                .build();
    }

    private static List<VolumeMount> mounts(boolean hasAuth) {
        var mounts = new ArrayList<VolumeMount>();
        mounts.add(mount("config", KeydbConf.DIRECTORY, true));
        if (hasAuth) {
            mounts.add(mount("auth", KeydbConf.AUTH_DIRECTORY, true));
        }
        mounts.add(mount("data", KeydbConf.DATA_DIRECTORY, false));
        mounts.add(mount("tmp", "/tmp", false));
        return mounts;
    }

    private static VolumeMount mount(String name, String path, boolean isReadOnly) {
        var mount = new VolumeMountBuilder().withName(name).withMountPath(path);
        return isReadOnly ? mount.withReadOnly(true).build() : mount.build();
    }

    private static List<Volume> volumes(KeyDB keydb, int ordinal) {
        var names = Names.of(keydb);
        var volumes = new ArrayList<Volume>();
        volumes.add(
                new VolumeBuilder()
                        .withName("config")
                        .withNewConfigMap()
                        .withName(names.config())
                        .withDefaultMode(MODE_READABLE)
                        .endConfigMap()
                        .build());
        if (keydb.getSpec().auth().enabled()) {
            volumes.add(auth(names));
        }
        volumes.add(data(keydb, names.claim(ordinal)));
        volumes.add(new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build());
        return volumes;
    }

    /** Only the file for the server; the bare passwords stay out of the pod. */
    private static Volume auth(Names names) {
        return new VolumeBuilder()
                .withName("auth")
                .withNewSecret()
                .withSecretName(names.auth())
                .withDefaultMode(MODE_READABLE)
                .addNewItem()
                .withKey(KeydbConf.AUTH_FILE)
                .withPath(KeydbConf.AUTH_FILE)
                .endItem()
                .endSecret()
                .build();
    }

    private static Volume data(KeyDB keydb, String claim) {
        var volume = new VolumeBuilder().withName("data");
        if (!MemberWorkload.hasClaim(keydb)) {
            return volume.withNewEmptyDir().endEmptyDir().build();
        }
        return volume.withNewPersistentVolumeClaim()
                .withClaimName(claim)
                .endPersistentVolumeClaim()
                .build();
    }

    private static PodSecurityContext podSecurity() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    private static SecurityContext containerSecurity() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    /** Members prefer different nodes, but rather share one than do not run. */
    private static Affinity apart(Names names) {
        return new AffinityBuilder()
                .withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withNewPodAffinityTerm()
                .withTopologyKey("kubernetes.io/hostname")
                .withNewLabelSelector()
                .withMatchLabels(Labels.selectingCluster(names))
                .endLabelSelector()
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }
}
