package io.keydb.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What modules are written against stands alone. */
@AnalyzeClasses(packages = "io.keydb", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleApiTest {
    @ArchTest
    static final ArchRule itDependsOnTheJdkOnly =
            classes()
                    .that()
                    .resideInAPackage("io.keydb.module..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("io.keydb.module..", "java..", "org.jspecify..")
                    .because("modules see it and nothing else of the server");

    @ArchTest
    static final ArchRule onlyTheModulesPackageServesIt =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.keydb.module..", "io.keydb.server.modules..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.keydb.module..")
                    .because("the rest of the server knows commands and values, not modules");
}
