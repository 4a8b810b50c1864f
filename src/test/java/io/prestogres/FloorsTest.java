package io.prestogres;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/**
 * The plan of the house, held against the code: who may know whom, and which library lives where.
 */
@AnalyzeClasses(
    packages = {
      "io.prestogres.plugin",
      "io.prestogres.protocol",
      "io.prestogres.config",
      "io.prestogres.metrics",
      "io.prestogres.sql",
      "io.prestogres.presto",
      "io.prestogres.auth",
      "io.prestogres.catalog",
      "io.prestogres.results",
      "io.prestogres.intercept",
      "io.prestogres.session",
      "io.prestogres.server"
    },
    importOptions = ImportOption.DoNotIncludeTests.class)
class FloorsTest {
  @ArchTest
  static final ArchRule floors =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("plugin")
          .definedBy("io.prestogres.plugin..")
          .layer("protocol")
          .definedBy("io.prestogres.protocol..")
          .layer("config")
          .definedBy("io.prestogres.config..")
          .layer("metrics")
          .definedBy("io.prestogres.metrics..")
          .layer("sql")
          .definedBy("io.prestogres.sql..")
          .layer("presto")
          .definedBy("io.prestogres.presto..")
          .layer("auth")
          .definedBy("io.prestogres.auth..")
          .layer("catalog")
          .definedBy("io.prestogres.catalog..")
          .layer("results")
          .definedBy("io.prestogres.results..")
          .layer("intercept")
          .definedBy("io.prestogres.intercept..")
          .layer("session")
          .definedBy("io.prestogres.session..")
          .layer("server")
          .definedBy("io.prestogres.server..")
          .whereLayer("plugin")
          .mayNotAccessAnyLayer()
          .whereLayer("protocol")
          .mayNotAccessAnyLayer()
          .whereLayer("config")
          .mayOnlyAccessLayers("protocol")
          .whereLayer("metrics")
          .mayOnlyAccessLayers("protocol")
          .whereLayer("sql")
          .mayOnlyAccessLayers("protocol")
          .whereLayer("presto")
          .mayOnlyAccessLayers("protocol")
          .whereLayer("auth")
          .mayOnlyAccessLayers("protocol", "config", "metrics")
          .whereLayer("catalog")
          .mayOnlyAccessLayers("protocol", "config", "metrics", "sql", "presto")
          .whereLayer("results")
          .mayOnlyAccessLayers("protocol", "config", "metrics", "sql", "presto")
          .whereLayer("intercept")
          .mayOnlyAccessLayers("plugin", "protocol", "config", "metrics")
          .whereLayer("session")
          .mayOnlyAccessLayers(
              "plugin",
              "protocol",
              "config",
              "metrics",
              "auth",
              "sql",
              "presto",
              "catalog",
              "results",
              "intercept")
          .whereLayer("server")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule noCycles =
      SlicesRuleDefinition.slices().matching("io.prestogres.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule jsqlparser = only("sql", "net.sf.jsqlparser..");
  @ArchTest static final ArchRule micrometer = only("metrics", "io.micrometer..");

  @ArchTest
  static final ArchRule netty =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.prestogres.session..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.netty..").and(resideOutsideOfPackage("io.netty.buffer..")));

  @ArchTest
  static final ArchRule bytes =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.prestogres.session..", "io.prestogres.protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty.buffer..");

  @ArchTest static final ArchRule scram = only("auth", "com.ongres.scram..");
  @ArchTest static final ArchRule picocli = only("server", "picocli..");
  @ArchTest static final ArchRule yaml = only("config", "com.fasterxml.jackson.dataformat..");
  @ArchTest static final ArchRule databind = only("config", "com.fasterxml.jackson.databind..");

  @ArchTest
  static final ArchRule jacksonStreaming =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.prestogres.presto..", "io.prestogres.config..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml.jackson.core..");

  @ArchTest
  static final ArchRule pgClient =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.prestogres.catalog..",
              "io.prestogres.results..",
              "io.prestogres.server.InstanceEndpointServices")
          .and()
          .doNotHaveSimpleName("InstanceEndpointServices")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.pgclient..", "io.vertx.sqlclient..");

  @ArchTest
  static final ArchRule protocolKnowsBuffersOnly =
      noClasses()
          .that()
          .resideInAPackage("io.prestogres.protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vertx.core",
              "io.vertx.core.net..",
              "io.vertx.core.http..",
              "io.netty.channel..",
              "io.netty.handler..",
              "io.netty.util..");

  @ArchTest
  static final ArchRule pluginApiKnowsTheJdkAlone =
      classes()
          .that()
          .resideInAPackage("io.prestogres.plugin..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "io.prestogres.plugin..", "org.jspecify.annotations..");

  @ArchTest
  static final ArchRule sqlAndMetricsKnowNoVertx =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.prestogres.sql..", "io.prestogres.metrics..", "io.prestogres.config..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx..");

  @ArchTest
  static final ArchRule noStaticMutableState =
      fields()
          .that()
          .areStatic()
          .and()
          .areDeclaredInClassesThat()
          .areNotEnums()
          .should()
          .haveModifier(FINAL);

  @ArchTest
  static final ArchRule sessionsNeverBlock =
      noClasses()
          .that()
          .resideInAnyPackage("io.prestogres.session..", "io.prestogres.results..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "java.io..File..", "java.util.concurrent.locks..")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(java.util.concurrent.Future.class, "get")
          .orShould()
          .callMethod(java.util.concurrent.CompletableFuture.class, "join")
          .orShould()
          .callMethod(io.vertx.core.Future.class, "await");

  private static ArchRule only(String room, String library) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("io.prestogres." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }
}
