package io.keydb.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/**
 * Decisions are pure, the framework stays at the rim, and packages depend on each other in one
 * direction.
 */
@AnalyzeClasses(
        packages = "io.keydb.operator",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule DECISIONS_ARE_PURE =
            classes()
                    .that()
                    .resideInAnyPackage(
                            "..operator.plan", "..operator.resources", "..operator.status")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "com.fasterxml.jackson..",
                            "io.fabric8.kubernetes.api.model..",
                            "io.fabric8.kubernetes.api.builder..",
                            "io.keydb.crd..",
                            "io.keydb.operator.database",
                            "io.keydb.operator.observe",
                            "io.keydb.operator.plan",
                            "io.keydb.operator.resources",
                            "io.keydb.operator.status");

    @ArchTest
    static final ArchRule DECISIONS_DO_NO_INPUT_OR_OUTPUT =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..operator.plan", "..operator.resources", "..operator.status")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.net..", "java.nio.file..", "java.util.concurrent..")
                    .orShould()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule ONLY_THESE_USE_A_CLIENT =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "..operator.observe", "..operator.apply", "..operator.boot")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient");

    @ArchTest
    static final ArchRule ONLY_THE_RIM_KNOWS_THE_FRAMEWORKS =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("..operator.reconcile", "..operator.boot")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.javaoperatorsdk..",
                            "io.quarkus..",
                            "io.quarkiverse..",
                            "jakarta..",
                            "io.smallrye..");

    @ArchTest
    static final ArchRule NOBODY_CALLS_THE_RECONCILER =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("..operator.reconcile", "..operator.boot")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("..operator.reconcile");

    @ArchTest
    static final ArchRule DATABASE_KNOWS_NO_KUBERNETES =
            noClasses()
                    .that()
                    .resideInAPackage("..operator.database")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.fabric8..",
                            "io.keydb.crd..",
                            "..operator.plan",
                            "..operator.observe",
                            "..operator.apply",
                            "..operator.status",
                            "..operator.resources");

    @ArchTest
    static final ArchRule OBSERVING_KNOWS_NO_DECISION =
            noClasses()
                    .that()
                    .resideInAPackage("..operator.observe")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("..operator.plan", "..operator.apply", "..operator.status");

    @ArchTest
    static final ArchRule OPERATOR_KNOWS_NOTHING_OF_THE_SERVER =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.keydb.server..");
}
