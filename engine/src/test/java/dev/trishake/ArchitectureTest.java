// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.stream.Stream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** The borders of engine/DESIGN.md: who may import whom, and what never enters a hot package. */
class ArchitectureTest
{
    private static final String ROOT = "dev.trishake";
    private static final JavaClasses ENGINE = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(ROOT);
    private static final String[] HOT =
        {"dev.trishake.wire..", "dev.trishake.crypto..", "dev.trishake.session..", "dev.trishake.core..",
            "dev.trishake.tcp..", "dev.trishake.tlcp..", "dev.trishake.gquic.."};

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # package       | what of ours it may import
        wire..          | wire..
        crypto..        | crypto..
        session..       | session.. crypto.hash..
        core..          | core..
        tcp..           | tcp.. wire wire.ip.. wire.tcp.. crypto.. session.. core..
        tlcp..          | tlcp.. wire wire.tlcp.. crypto.. session.. core..
        gquic..         | gquic.. wire wire.gquic.. crypto.. session.. core..
        transport..     | transport.. wire.ip.. session..
        identity..      | identity.. wire wire.gquic.. crypto..
        trace..         | trace.. wire.. crypto.. tcp.. tlcp.. gquic..
        launch..        | launch..
        """)
    void shouldImportOnlyWhatItsPackageMay(final String subject, final String allowed)
    {
        final String[] ours = Arrays.stream(allowed.trim().split(" +"))
            .map(name -> ROOT + "." + name)
            .toArray(String[]::new);
        classes().that().resideInAPackage(ROOT + "." + subject)
            .should().onlyDependOnClassesThat(
                JavaClass.Predicates.resideInAnyPackage(ours)
                    .or(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(ROOT + ".."))))
            .allowEmptyShould(true)
            .check(ENGINE);
    }

    @Test
    void shouldLetNobodyImportTheRuntime()
    {
        noClasses().that().resideOutsideOfPackage(ROOT + ".runtime..")
            .should().dependOnClassesThat().resideInAPackage(ROOT + ".runtime..")
            .check(ENGINE);
    }

    @Test
    void shouldKeepTheLauncherFreeOfEverythingButTheJdk()
    {
        classes().that().resideInAPackage(ROOT + ".launch..")
            .should().onlyDependOnClassesThat().resideInAnyPackage("java..", ROOT + ".launch..")
            .check(ENGINE);
    }

    @Test
    void shouldKeepBouncyCastleInIdentity()
    {
        noClasses().that().resideOutsideOfPackage(ROOT + ".identity..")
            .should().dependOnClassesThat().resideInAPackage("org.bouncycastle..")
            .check(ENGINE);
    }

    @Test
    void shouldKeepClocksThreadsAndSocketsOutOfHotPackages()
    {
        hotPackagesNeverTouch(
            JavaClass.Predicates.resideInAnyPackage("java.time..", "java.net..", "java.nio.channels..", "java.io..",
                "java.util.concurrent..", "java.util.stream..", "java.util.function..", "java.util.logging..")
                .or(JavaClass.Predicates.assignableTo(Thread.class))
                .or(JavaClass.Predicates.assignableTo(java.util.Collection.class))
                .or(JavaClass.Predicates.assignableTo(java.util.Map.class)));
        noClasses().that().resideInAnyPackage(HOT)
            .should().callMethod(System.class, "nanoTime")
            .orShould().callMethod(System.class, "currentTimeMillis")
            .check(ENGINE);
    }

    @Test
    void shouldKeepBoxesAndFormattingOutOfHotPackages()
    {
        final ArchRule boxing = noClasses().that().resideInAnyPackage(HOT)
            .should().callMethod(Integer.class, "valueOf", int.class)
            .orShould().callMethod(Long.class, "valueOf", long.class)
            .orShould().callMethod(Byte.class, "valueOf", byte.class)
            .orShould().callMethod(Short.class, "valueOf", short.class)
            .orShould().callMethod(Boolean.class, "valueOf", boolean.class)
            .orShould().callMethod(String.class, "format", String.class, Object[].class);
        boxing.check(ENGINE);
    }

    @Test
    void shouldNoticeAViolation()
    {
        // the rules above could pass because they look at nothing: this one must fail
        final EvaluationResult planted = noClasses().that().resideInAPackage(ROOT + ".core..")
            .should().dependOnClassesThat().resideInAPackage("java.lang..")
            .evaluate(ENGINE);
        final boolean blind = Stream.of("core", "launch").anyMatch(name -> !ENGINE.containPackage(ROOT + "." + name));
        if (blind || !planted.hasViolation())
        {
            throw new AssertionError("the rules see no classes");
        }
    }

    private static void hotPackagesNeverTouch(final DescribedPredicate<JavaClass> forbidden)
    {
        noClasses().that().resideInAnyPackage(HOT)
            .should().dependOnClassesThat(forbidden)
            .allowEmptyShould(true)
            .check(ENGINE);
    }
}
