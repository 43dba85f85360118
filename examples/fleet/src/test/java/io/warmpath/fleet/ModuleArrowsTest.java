package io.warmpath.fleet;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The arrows between modules: hosts to adapters and scorers, all of them to core, never back. Kept here because this
 * module has all the others on its class path. A new module gets a layer.
 */
@Tag("slow")
class ModuleArrowsTest {

  @Test
  void adaptersDoNotKnowEachOtherAndNobodyKnowsHosts() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.warmpath..")
        .layer("core")
        .definedBy(
            "io.warmpath",
            "io.warmpath.block",
            "io.warmpath.endpoint",
            "io.warmpath.event",
            "io.warmpath.index",
            "io.warmpath.request",
            "io.warmpath.response",
            "io.warmpath.schedule",
            "io.warmpath.template",
            "io.warmpath.token")
        .layer("scorers")
        .definedBy("io.warmpath.scorers..")
        .layer("engine adapter")
        .definedBy("io.warmpath.engine..")
        .layer("tokenizers adapter")
        .definedBy("io.warmpath.tokenizers..")
        .layer("chronicle adapter")
        .definedBy("io.warmpath.chronicle..")
        .layer("launcher")
        .definedBy("io.warmpath.launcher..")
        .layer("vertx host")
        .definedBy("io.warmpath.vertx..")
        .layer("envoy host")
        .definedBy("io.warmpath.envoy..")
        .layer("fleet example")
        .definedBy("io.warmpath.fleet..")
        .layer("benchmarks")
        .definedBy("io.warmpath.jmh..")
        .whereLayer("core")
        .mayNotAccessAnyLayer()
        .whereLayer("scorers")
        .mayOnlyAccessLayers("core")
        .whereLayer("engine adapter")
        .mayOnlyAccessLayers("core")
        .whereLayer("tokenizers adapter")
        .mayOnlyAccessLayers("core")
        .whereLayer("chronicle adapter")
        .mayOnlyAccessLayers("core")
        .whereLayer("launcher")
        .mayOnlyAccessLayers(
            "core", "scorers", "engine adapter", "tokenizers adapter", "chronicle adapter")
        .whereLayer("vertx host")
        .mayOnlyAccessLayers("core", "scorers", "engine adapter", "tokenizers adapter", "launcher")
        .whereLayer("envoy host")
        .mayOnlyAccessLayers("core", "scorers", "engine adapter", "tokenizers adapter", "launcher")
        .whereLayer("benchmarks")
        .mayOnlyAccessLayers("core", "scorers", "tokenizers adapter")
        .whereLayer("benchmarks")
        .mayNotBeAccessedByAnyLayer()
        .ensureAllClassesAreContainedInArchitecture()
        .check(new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.warmpath"));
  }
}
