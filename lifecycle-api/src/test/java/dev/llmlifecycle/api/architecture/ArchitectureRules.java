package dev.llmlifecycle.api.architecture;

import java.io.ObjectInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The rules of the house, run by each module on its own classes.
 *
 * <p>A module extends this class in a test named {@code ArchitectureTest} and says which modules it may know. All rules
 * hold for an empty module.
 */
public abstract class ArchitectureRules {

    private static final String ROOT = "dev.llmlifecycle.";
    private static final String ROOT_EXCEPTION = "dev.llmlifecycle.api.LifecycleException";
    private static final String EXPERIMENTAL = "dev.langchain4j.Experimental";
    private static final List<String> MODULES = List.of("api", "core", "retrieval", "eval", "samples");

    /**
     * Calls without an argument that read the time or chance of the machine; a clock or a seed is passed in instead.
     */
    private static final Set<String> HIDDEN_INPUTS = Set.of(
            "java.lang.Math.random",
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.LocalTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.Random.<init>",
            "java.util.SplittableRandom.<init>",
            "java.util.concurrent.ThreadLocalRandom.current");

    private final String own;
    private final List<String> known;
    private final JavaClasses classes;

    /**
     * Reads the classes of a module.
     *
     * @param module the short name of the module, such as {@code core}
     * @param known the short names of the other modules that it may know
     */
    protected ArchitectureRules(String module, String... known) {
        this.own = ROOT + module + "..";
        this.known = List.of(known);
        this.classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT + module);
    }

    @Test
    public final void knowsOnlyTheModulesItMay() {
        String[] forbidden = MODULES.stream()
                .filter(module -> !known.contains(module))
                .map(module -> ROOT + module + "..")
                .filter(name -> !name.equals(own))
                .toArray(String[]::new);
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage(forbidden));
    }

    @Test
    public final void hasNoCycleBetweenFeatures() {
        check(slices().matching(ROOT + "(*).(*)..").should().beFreeOfCycles());
    }

    /** A library module may use the {@code internal} package of a module of ours that it knows, and no other. */
    @Test
    public final void usesNoInternalPackageButOfModulesItMayKnow() {
        String[] friends = Stream.concat(Stream.of(own), known.stream().map(module -> ROOT + module + ".."))
                .toArray(String[]::new);
        check(noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("..internal..").and(resideOutsideOfPackages(friends))));
    }

    @Test
    public final void usesExperimentalTypesInOneRoomOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "core.langchain4j..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are annotated as experimental by LangChain4j", ArchitectureRules::isExperimental)));
    }

    @Test
    public final void publicConcreteClassesAreFinal() {
        check(classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areNotRecords()
                .and()
                .areNotAssignableTo(Throwable.class)
                .and()
                .doNotHaveModifier(ABSTRACT)
                .should()
                .haveModifier(FINAL));
    }

    @Test
    public final void exceptionsHaveOneRoot() {
        check(classes().that().haveSimpleNameEndingWith("Exception").should().beAssignableTo(ROOT_EXCEPTION));
    }

    @Test
    public final void hasNoStaticMutableState() {
        check(fields().that().areStatic().should().beFinal());
    }

    @Test
    public final void writesToNoStandardStream() {
        check(NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS);
    }

    @Test
    public final void logsThroughSlf4jOnly() {
        check(noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging.."));
    }

    @Test
    public final void hasNoSynchronizedMethod() {
        check(noMethods().should().haveModifier(SYNCHRONIZED));
    }

    @Test
    public final void takesTimeAndChanceFromTheCaller() {
        check(noClasses()
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "it reads the machine's time or chance", ArchitectureRules::isHiddenInput)));
    }

    @Test
    public final void deserialisesNoJavaObjects() {
        check(noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class));
    }

    private void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes);
    }

    private static boolean isExperimental(JavaClass type) {
        return type.isAnnotatedWith(EXPERIMENTAL)
                || type.getPackage().isAnnotatedWith(EXPERIMENTAL)
                || type.getEnclosingClass()
                        .map(ArchitectureRules::isExperimental)
                        .orElse(false);
    }

    private static boolean isHiddenInput(JavaAccess<?> access) {
        var target = access.getTarget();
        return HIDDEN_INPUTS.contains(target.getOwner().getName() + '.' + target.getName())
                && Arrays.stream(target.getFullName().split("\\(", 2)).skip(1).allMatch(")"::equals);
    }
}
