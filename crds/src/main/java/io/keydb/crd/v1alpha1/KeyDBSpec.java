package io.keydb.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user wants.
 *
 * <p>Threads: immutable.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.topology.mode != 'Standalone' || !has(self.replicas) || self.replicas == 1",
        message =
                "topology.mode Standalone has exactly 1 member: leave replicas out or set it to 1",
        fieldPath = ".replicas")
@ValidationRule(
        value =
                "self.topology.mode != 'ActiveReplica' || !has(self.replicas) || self.replicas == 2",
        message =
                "topology.mode ActiveReplica has exactly 2 members: leave replicas out or set it to 2, for more use MultiMaster",
        fieldPath = ".replicas")
@ValidationRule(
        value =
                "self.topology.mode != 'MultiMaster' || (has(self.replicas) && self.replicas >= 2 && self.replicas <= 9)",
        message = "topology.mode MultiMaster needs replicas from 2 to 9",
        fieldPath = ".replicas")
@ValidationRule(
        value =
                "!has(self.traffic.preferredMember) || self.traffic.preferredMember < (has(self.replicas) ? self.replicas"
                        + " : self.topology.mode == 'Standalone' ? 1 : 2)",
        message = "traffic.preferredMember must be the ordinal of a member, from 0 to replicas - 1",
        fieldPath = ".traffic")
public record KeyDBSpec(
        @Required @JsonPropertyDescription("How many servers there are and how they replicate.")
                Topology topology,
        @SpecReplicas
                @Min(1)
                @Max(9)
                @JsonPropertyDescription(
                        "Number of members. Standalone has 1, ActiveReplica 2, MultiMaster 2 to 9. A change starts or stops members, and restarts none of"
                                + " the others. A member leaves after the remaining ones hold everything it has.")
                @Nullable Integer replicas,
        @Default("{}") @JsonPropertyDescription("Which members take writes.") Traffic traffic,
        @Size(max = 512)
                @JsonPropertyDescription(
                        "Container image of the server. Default: the image the operator is configured with. A change restarts the members one after another.")
                @Nullable String image,
        @JsonPropertyDescription("When the image is pulled. Default: IfNotPresent.")
                @Default("IfNotPresent")
                ImagePullPolicy imagePullPolicy,
        @Size(max = 64)
                @ValidationRule(
                        value = "self.all(k, k.matches('^[a-z][a-z0-9-]{0,63}$'))",
                        message =
                                "names of directives have only a-z, 0-9 and '-', at most 64 characters")
                @ValidationRule(
                        value = "self.all(k, !self[k].contains('\\n') && !self[k].contains('\\r'))",
                        message = "values of directives must be a single line")
                @ValidationRule(
                        value =
                                "self.all(k, !(k in ['active-replica', 'aclfile', 'bind', 'bind-source-addr', 'cluster-enabled', 'daemonize', 'dir', 'include',"
                                        + " 'logfile', 'management-bind', 'management-port', 'masterauth', 'masteruser', 'multi-master', 'pidfile', 'port',"
                                        + " 'protected-mode', 'replica-announce-ip', 'replica-announce-port', 'replicaof', 'requirepass', 'slaveof', 'supervised',"
                                        + " 'tls-port', 'unixsocket', 'user']))",
                        message =
                                "config must not set what the operator sets: active-replica, aclfile, bind, bind-source-addr, cluster-enabled, daemonize, dir,"
                                        + " include, logfile, management-bind, management-port, masterauth, masteruser, multi-master, pidfile, port, protected-mode,"
                                        + " replica-announce-ip, replica-announce-port, replicaof, requirepass, slaveof, supervised, tls-port, unixsocket, user")
                @JsonPropertyDescription(
                        "Directives of keydb.conf, for example {maxclients: \"20000\"}. A change restarts the members one after another.")
                Map<String, @Size(max = 1024) String> config,
        @Default("{}") @JsonPropertyDescription("Where the members keep their data.")
                Persistence persistence,
        @Default("{}") @JsonPropertyDescription("The password clients and members log in with.")
                Auth auth,
        @JsonPropertyDescription(
                        "CPU and memory of each member. A change restarts the members one after another. With a memory limit and no maxmemory in config,"
                                + " maxmemory is set to what the limit leaves for data.")
                @Nullable Resources resources,
        @Default("{}") @JsonPropertyDescription("Services through which clients connect.")
                Services services,
        @Default("{}")
                @JsonPropertyDescription(
                        "What is added to the pods of the members, and where they run.")
                PodTemplate podTemplate,
        @Default("false")
                @JsonPropertyDescription(
                        "While true the operator changes nothing, traffic included; it goes on reporting the status. Costs nothing.")
                boolean paused) {

    public KeyDBSpec {
        traffic = traffic == null ? Traffic.DEFAULT : traffic;
        imagePullPolicy =
                imagePullPolicy == null ? ImagePullPolicy.IF_NOT_PRESENT : imagePullPolicy;
        config = config == null ? Map.of() : Map.copyOf(config);
        persistence = persistence == null ? Persistence.DEFAULT : persistence;
        auth = auth == null ? Auth.DEFAULT : auth;
        services = services == null ? Services.DEFAULT : services;
        podTemplate = podTemplate == null ? PodTemplate.DEFAULT : podTemplate;
    }

    /** The number of members: the one given, else the one the mode implies. */
    public int members() {
        if (replicas != null) {
            return replicas;
        }
        return topology.mode() == Mode.STANDALONE ? 1 : 2;
    }
}
