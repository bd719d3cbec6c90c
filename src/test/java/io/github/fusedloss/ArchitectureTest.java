package io.github.fusedloss;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.github.fusedloss.reference.DfpJudge;
import io.github.fusedloss.reference.DfpRows;
import io.github.fusedloss.reference.RowOptions;
import io.github.fusedloss.reference.Ulp;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
@Tag("once")
class ArchitectureTest {
  private static final String ROOT = "io.github.fusedloss";
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** Types that all layers use. They are in the public package and use only Java and each other. */
  private static final Class<?>[] VALUES = {
    ElementType.class,
    Divergence.class,
    Output.class,
    Reduction.class,
    DeviceInfo.class,
    DeviceException.class
  };

  private static void onlyIn(String owner, String foreign) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "." + owner + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(foreign + "..")
        .check(MAIN);
  }

  /** Whether a type is one of {@link #VALUES}, or an array of one. */
  private static final DescribedPredicate<JavaClass> VALUE =
      describe(
          "a value of all layers", type -> belongToAnyOf(VALUES).test(type.getBaseComponentType()));

  private static void never(String from, String... to) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(resideInAnyPackage(to).and(not(VALUE)))
        .check(MAIN);
  }

  private static String in(String name) {
    return ROOT + "." + name + "..";
  }

  @Test
  void joclIsKnownInOnePackage() {
    onlyIn("opencl", "org.jocl");
  }

  @Test
  void commonsMathIsKnownInOnePackage() {
    onlyIn("reference", "org.apache.commons");
  }

  @Test
  void theCommandLineAloneNeedsItsLibraries() {
    onlyIn("cli", "picocli");
    onlyIn("cli", "com.google.gson");
  }

  @Test
  void theValuesOfAllLayersKnowNothing() {
    classes()
        .that()
        .belongToAnyOf(VALUES)
        .should()
        .onlyDependOnClassesThat(resideInAPackage("java..").or(VALUE))
        .check(MAIN);
  }

  @Test
  void executorsKnowOnlyTheirInterface() {
    never(in("cpu"), ROOT, in("opencl"), in("reference"), in("verify"), in("cli"), in("io"));
    never(in("opencl"), ROOT, in("cpu"), in("reference"), in("verify"), in("cli"), in("io"));
    never(
        in("backend"),
        ROOT,
        in("cpu"),
        in("opencl"),
        in("reference"),
        in("verify"),
        in("cli"),
        in("io"));
  }

  @Test
  void theReferenceSharesNothing() {
    never(
        in("reference"),
        ROOT,
        in("backend"),
        in("cpu"),
        in("opencl"),
        in("verify"),
        in("cli"),
        in("io"));
    // Those with all digits, which are among the tests, do not even know the one in double.
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("java..", "org.apache.commons..")
                .or(belongToAnyOf(DfpJudge.class, DfpRows.class, RowOptions.class, Ulp.class)))
        .check(new ClassFileImporter().importClasses(DfpJudge.class, DfpRows.class));
  }

  @Test
  void filesKnowNothingOfLosses() {
    never(
        in("io"),
        ROOT,
        in("backend"),
        in("cpu"),
        in("opencl"),
        in("reference"),
        in("verify"),
        in("cli"));
  }

  @Test
  void thePublicSurfaceKnowsNoImplementation() {
    never(ROOT, in("cpu"), in("opencl"), in("reference"), in("verify"), in("cli"), in("io"));
    never(in("verify"), in("cpu"), in("opencl"), in("cli"), in("io"));
  }

  /** Top-level classes; what is nested in one belongs to it. */
  private static final SliceAssignment CLASS_BY_CLASS =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          JavaClass top = type;
          while (top.getEnclosingClass().isPresent()) {
            top = top.getEnclosingClass().get();
          }
          return SliceIdentifier.of(top.getName());
        }

        @Override
        public String getDescription() {
          return "top-level classes";
        }
      };

  /** A sealed class names those it permits; that is no use of them, and does not count. */
  @Test
  void noClassesKnowEachOther() {
    slices().assignedFrom(CLASS_BY_CLASS).should().beFreeOfCycles().check(MAIN);
  }

  /** {@link #VALUES} are left out, because all layers use them. */
  @Test
  void noPackagesKnowEachOther() {
    slices()
        .matching("(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(alwaysTrue(), VALUE)
        .check(MAIN);
  }

  /** The public classes promise this; the other packages may change. */
  @Test
  void publicSignaturesShowNothingInternal() {
    DescribedPredicate<JavaClass> internal =
        resideInAnyPackage(in("backend"), in("cpu"), in("opencl"), in("reference"), in("io"));
    codeUnits()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .resideInAPackage(ROOT)
        .should()
        .haveRawReturnType(not(internal))
        .andShould()
        .haveRawParameterTypes(describe("of no internal type", t -> t.stream().noneMatch(internal)))
        .check(MAIN);
  }

  /** Values that are always passed together should be one type. */
  @Test
  void publicMethodsCanBeCalledByReflection() throws NoSuchMethodException {
    for (JavaClass type : MAIN) {
      if (type.getPackageName().equals(ROOT) && type.getModifiers().contains(JavaModifier.PUBLIC)) {
        for (Method method : type.reflect().getMethods()) {
          Method found = type.reflect().getMethod(method.getName(), method.getParameterTypes());
          assertTrue(Modifier.isPublic(found.getDeclaringClass().getModifiers()), found.toString());
        }
      }
    }
  }

  @Test
  void nothingTakesMoreThanSevenArguments() {
    codeUnits()
        .that()
        .areDeclaredInClassesThat()
        .haveSimpleNameNotStartingWith("Generated")
        .and()
        .areDeclaredInClassesThat()
        .areNotEnums() // The compiler adds two to their constructors.
        .should()
        .haveRawParameterTypes(describe("of at most 7", types -> types.size() <= 7))
        .check(MAIN);
  }

  @Test
  void nobodyPrints() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("cli"))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(MAIN);
  }
}
