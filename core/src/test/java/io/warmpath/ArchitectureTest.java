package io.warmpath;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The arrows between core's packages, and what core may depend on. */
@Tag("slow")
class ArchitectureTest {

  private static final JavaClasses CORE = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages("io.warmpath");

  @Test
  void eachPackageUsesOnlyTheStepsBeforeIt() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("router")
        .definedBy("io.warmpath")
        .layer("schedule")
        .definedBy("io.warmpath.schedule")
        .layer("event")
        .definedBy("io.warmpath.event")
        .layer("index")
        .definedBy("io.warmpath.index")
        .layer("block")
        .definedBy("io.warmpath.block")
        .layer("endpoint")
        .definedBy("io.warmpath.endpoint")
        .layer("template")
        .definedBy("io.warmpath.template")
        .layer("token")
        .definedBy("io.warmpath.token")
        .layer("request")
        .definedBy("io.warmpath.request")
        .layer("response")
        .definedBy("io.warmpath.response")
        .whereLayer("router")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("schedule")
        .mayOnlyBeAccessedByLayers("router")
        .whereLayer("event")
        .mayOnlyBeAccessedByLayers("router")
        .whereLayer("index")
        .mayOnlyBeAccessedByLayers("router", "schedule", "event")
        .whereLayer("block")
        .mayOnlyBeAccessedByLayers("router", "event", "index")
        .whereLayer("endpoint")
        .mayOnlyBeAccessedByLayers("router", "schedule", "event", "index")
        .whereLayer("template")
        .mayOnlyBeAccessedByLayers("router")
        .whereLayer("token")
        .mayOnlyBeAccessedByLayers("router")
        .whereLayer("request")
        .mayOnlyBeAccessedByLayers("router", "schedule", "template")
        .whereLayer("response")
        .mayOnlyBeAccessedByLayers("router")
        .check(CORE);
  }

  @Test
  void thereAreNoCyclesBetweenPackages() {
    slices().matching("io.warmpath.(*)..").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void coreTakesNothingHeavierThanItSays() {
    noClasses()
        .should()
        .dependOnClassesThat(not(resideInAnyPackage(
            "io.warmpath..",
            "java..",
            "org.jspecify.annotations",
            "com.google.common..",
            "com.fasterxml.jackson.core..",
            "net.openhft.hashing")))
        .check(CORE);
  }

  @Test
  void theHotPackagesKeepOffGuavaAndJson() {
    noClasses()
        .that()
        .resideInAnyPackage("io.warmpath.block", "io.warmpath.index", "io.warmpath.token")
        .should()
        .dependOnClassesThat(
            resideInAPackage("com.google.common..").or(resideInAPackage("com.fasterxml..")))
        .check(CORE);
  }

  @Test
  void noReflectionNoUnsafe() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.lang.reflect", "sun.misc", "jdk.internal.."))
        .check(CORE);
  }
}
