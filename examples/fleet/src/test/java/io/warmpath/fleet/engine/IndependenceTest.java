package io.warmpath.fleet.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The engines share no code with what they test: a hit in them proves something only then. */
@Tag("slow")
class IndependenceTest {

  @Test
  void theEnginesUseNothingElseOfWarmpath() throws URISyntaxException {
    Path classes = Path.of(SimulatedEngine.class
        .getProtectionDomain()
        .getCodeSource()
        .getLocation()
        .toURI());
    DescribedPredicate<JavaClass> warmpath = JavaClass.Predicates.resideInAPackage("io.warmpath..")
        .and(DescribedPredicate.not(
            JavaClass.Predicates.resideInAPackage("io.warmpath.fleet.engine")));

    noClasses()
        .that()
        .resideInAPackage("io.warmpath.fleet.engine")
        .should()
        .dependOnClassesThat(warmpath)
        .check(new ClassFileImporter().importPath(classes));
  }
}
