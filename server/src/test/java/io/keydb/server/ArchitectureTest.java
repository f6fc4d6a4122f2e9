package io.keydb.server;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * The map of the packages holds: layers, confinements and forbidden calls, each with its reason.
 */
@AnalyzeClasses(packages = "io.keydb.server", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.keydb.server.";
    private static final int FAMILY = 7;
    private static final int SUBSYSTEM = 8;

    /** Layer of each package; whatever is not here is a subsystem. */
    private static final Map<String, Integer> LAYERS =
            Map.ofEntries(
                    Map.entry("support", 0),
                    Map.entry("config", 0),
                    Map.entry("memory", 1),
                    Map.entry("resp", 1),
                    Map.entry("structure", 2),
                    Map.entry("value", 3),
                    Map.entry("keyspace", 4),
                    Map.entry("net", 4),
                    Map.entry("client", 5),
                    Map.entry("command", 6),
                    Map.entry("acl", SUBSYSTEM),
                    Map.entry("cluster", SUBSYSTEM),
                    Map.entry("cron", SUBSYSTEM),
                    Map.entry("log", SUBSYSTEM),
                    Map.entry("migration", SUBSYSTEM),
                    Map.entry("modules", SUBSYSTEM),
                    Map.entry("observability", SUBSYSTEM),
                    Map.entry("persistence", SUBSYSTEM),
                    Map.entry("pubsub", SUBSYSTEM),
                    Map.entry("tracking", SUBSYSTEM),
                    Map.entry("replication", SUBSYSTEM),
                    Map.entry("scripting", SUBSYSTEM),
                    Map.entry("shutdown", SUBSYSTEM),
                    Map.entry("management", 9),
                    Map.entry("boot", 10));

    /** The only edges within a layer. */
    private static final Set<String> SIDEWAYS =
            Set.of(
                    "config -> support", // patterns of file names, the version in errors
                    "resp -> memory", // requests are read and replies written in place
                    "replication -> log", // replication ships the log
                    "replication -> persistence", // a full sync ships a dump
                    "shutdown -> persistence", // the end says what is to be saved
                    "persistence -> log"); // a dump notes its position in the log

    private static final String[] HOT = {
        ROOT + "net..",
        ROOT + "resp..",
        ROOT + "command..",
        ROOT + "keyspace..",
        ROOT + "value..",
        ROOT + "structure..",
        ROOT + "memory..",
        ROOT + "support.."
    };

    @ArchTest
    static final ArchRule packagesImportLowerLayersOnly =
            classes()
                    .should(importLowerLayersOnly())
                    .because(
                            "what must go up goes through an interface declared below and passed"
                                    + " by boot");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule valueTypesHaveNoCycles =
            slices().matching(ROOT + "value.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule familiesDoNotKnowEachOther =
            slices().matching(ROOT + "command.(*)..")
                    .should()
                    .notDependOnEachOther()
                    .because("what two families share belongs to the engine or to value");

    @ArchTest
    static final ArchRule nettyStaysInNet =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + "net..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage("io.netty.."))
                    .because("commands must not know which library moves the bytes");

    @ArchTest
    static final ArchRule quarkusStaysInBoot =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(ROOT + "boot..", ROOT + "management..")
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                    "io.quarkus..", "jakarta..", "org.eclipse.microprofile.."))
                    .because("the server is put together by constructors and runs without it");

    @ArchTest
    static final ArchRule httpStaysInManagement =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + "management..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage("com.sun.."));

    @ArchTest
    static final ArchRule hotPackagesDoNotAllocateInStyle =
            noClasses()
                    .that(resideInAnyPackage(HOT))
                    .and(areNotCold())
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                    "java.util.stream..",
                                    "java.util.regex..",
                                    "java.lang.reflect.."))
                    .orShould()
                    .dependOnClassesThat(simpleName("CompletableFuture"))
                    .orShould()
                    .callMethod(String.class, "format", String.class, Object[].class)
                    .orShould()
                    .callMethod(String.class, "formatted", Object[].class)
                    .because("the path of a request allocates nothing");

    @ArchTest
    static final ArchRule timeComesFromTheClock =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + "support..")
                    .should()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(java.time.Instant.class, "now")
                    .because("a test must be able to move it; use support.Clock");

    @ArchTest
    static final ArchRule nobodySleeps =
            noClasses()
                    .that()
                    .doNotHaveSimpleName("DebugCommands") // DEBUG SLEEP is asked to
                    .should()
                    .callMethod(Thread.class, "sleep", long.class)
                    .because("a thread waits for an event, not for time to pass");

    @ArchTest
    static final ArchRule randomnessHasASource =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .belongToAnyOf(java.util.Random.class)
                    .because("it is slow and shared; use java.util.random, seeded in tests");

    @ArchTest
    static final ArchRule threadsHaveNames =
            noClasses()
                    .should()
                    .callMethodWhere(unnamedThreads())
                    .because("a thread dump must tell who is who; pass a factory that names them");

    @ArchTest
    static final ArchRule onlyBootPrints =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + "boot..")
                    .should()
                    .accessField(System.class, "out")
                    .orShould()
                    .accessField(System.class, "err")
                    .because("there is one log");

    @ArchTest
    static final ArchRule classesAreNamedAfterWhatTheyAre =
            noClasses()
                    .should()
                    .haveNameMatching(
                            ".*(Manager|Helper|Utils?|Impl|Processor|Data|Base|Info)(\\$.*)?")
                    .because("such a name tells nothing");

    @ArchTest
    static final ArchRule everyPackageSaysWhatItIs =
            classes()
                    .should(be(inNullMarkedPackage()))
                    .because("package-info is the map, and null is part of the contract");

    private static ArchCondition<JavaClass> importLowerLayersOnly() {
        return new ArchCondition<>("import lower layers only") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (isOurs(target) && !mayImport(origin, target)) {
                        events.add(
                                SimpleConditionEvent.violated(origin, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean isOurs(JavaClass javaClass) {
        return javaClass.getPackageName().startsWith(ROOT);
    }

    private static boolean mayImport(JavaClass origin, JavaClass target) {
        String from = noun(origin);
        String to = noun(target);
        return from.equals(to)
                ? layer(target) <= layer(origin)
                : layer(target) < layer(origin) || SIDEWAYS.contains(from + " -> " + to);
    }

    private static String noun(JavaClass javaClass) {
        String path = javaClass.getPackageName().substring(ROOT.length());
        return path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
    }

    private static int layer(JavaClass javaClass) {
        String path = javaClass.getPackageName().substring(ROOT.length());
        if (path.startsWith("command.")) {
            return FAMILY;
        }
        Integer layer = LAYERS.get(noun(javaClass));
        if (layer == null) {
            throw new AssertionError("no layer is given for package " + path);
        }
        return layer;
    }

    /** Classes of hot packages that run at start or for an administrator only. */
    private static final List<String> COLD =
            List.of(
                    "Listeners", // opens sockets at start
                    "LongDouble", // INCRBYFLOAT, which computes with BigDecimal anyway
                    "CommandDocumentation", // COMMAND DOCS
                    "Version"); // read once

    private static DescribedPredicate<JavaClass> areNotCold() {
        return describe(
                "are not cold",
                javaClass -> !COLD.contains(javaClass.getSimpleName()) && !javaClass.isRecord());
    }

    private static DescribedPredicate<JavaCall<?>> unnamedThreads() {
        return describe(
                "pool with threads of no name",
                call ->
                        call.getTargetOwner().isEquivalentTo(java.util.concurrent.Executors.class)
                                && call.getTarget().getRawParameterTypes().stream()
                                        .noneMatch(
                                                type ->
                                                        type.isEquivalentTo(
                                                                java.util.concurrent.ThreadFactory
                                                                        .class)));
    }

    private static DescribedPredicate<JavaClass> inNullMarkedPackage() {
        return describe(
                "in a package with a package-info that says @NullMarked",
                javaClass -> javaClass.getPackage().isAnnotatedWith(NullMarked.class));
    }
}
