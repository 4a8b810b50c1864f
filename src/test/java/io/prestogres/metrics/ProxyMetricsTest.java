package io.prestogres.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {

  private final ProxyMetrics metrics = new ProxyMetrics();
  private final InstanceMetrics instance = metrics.instance("one");

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void shouldCountSessions() {
    instance.sessionOpened();
    instance.sessionOpened();
    instance.bytes(Direction.FROM_CLIENT, 100);
    instance.sessionClosed(EndCause.CLIENT_LOST, 11, 2_000);

    assertThat(metrics.scrape().lines())
        .contains(
            "prestogres_sessions_active{instance=\"one\"} 1.0",
            "prestogres_sessions_ended_total{cause=\"client_lost\",instance=\"one\"} 1.0",
            "prestogres_sessions_ended_total{cause=\"shutdown\",instance=\"one\"} 0.0",
            "prestogres_bytes_total{direction=\"from_client\",instance=\"one\"} 111.0",
            "prestogres_bytes_total{direction=\"from_server\",instance=\"one\"} 2000.0");
  }

  @Test
  void shouldTimeStatementsByRoute() {
    instance.statement(Route.WHOLE, TimeUnit.MILLISECONDS.toNanos(40));
    instance.statement(Route.WHOLE, TimeUnit.SECONDS.toNanos(2));
    instance.statement(Route.REFUSED, 0);

    String whole = "{instance=\"one\",route=\"whole\"";
    assertThat(metrics.scrape().lines())
        .contains(
            "prestogres_statement_duration_seconds_count" + whole + "} 2",
            "prestogres_statement_duration_seconds_sum" + whole + "} 2.04",
            "prestogres_statement_duration_seconds_bucket" + whole + ",le=\"0.01\"} 0",
            "prestogres_statement_duration_seconds_bucket" + whole + ",le=\"0.05\"} 1",
            "prestogres_statement_duration_seconds_count{instance=\"one\",route=\"refused\"} 1");
  }

  @Test
  void shouldKeepTheLabelsOfErrorsBounded() {
    instance.error("42P01");
    instance.error("ZZ999");
    instance.error("'; --");

    assertThat(metrics.scrape().lines())
        .contains(
            "prestogres_errors_total{instance=\"one\",sqlstate=\"42P01\"} 1.0",
            "prestogres_errors_total{instance=\"one\",sqlstate=\"other\"} 2.0")
        .noneMatch(line -> line.contains("ZZ999"));
  }

  @Test
  void shouldCountTheResultsEndpointAndItsQueries() {
    instance.cursorOpened();
    instance.cursorOpened();
    instance.cursorClosed();
    instance.scanned(500, 4_000);
    instance.batchSent(1_000);
    instance.evaluatedByPostgresql();
    instance.prestoQueryStarted();
    instance.prestoQueryStarted();
    instance.prestoQueryEnded(QueryOutcome.CANCELLED);

    assertThat(metrics.scrape().lines())
        .contains(
            "prestogres_results_cursors_total{instance=\"one\"} 2.0",
            "prestogres_results_cursors_open{instance=\"one\"} 1.0",
            "prestogres_results_rows_total{instance=\"one\"} 500.0",
            "prestogres_results_batches_total{instance=\"one\"} 1.0",
            "prestogres_results_evaluations_total{instance=\"one\"} 1.0",
            "prestogres_bytes_total{direction=\"results\",instance=\"one\"} 5000.0",
            "prestogres_presto_queries_started_total{instance=\"one\"} 2.0",
            "prestogres_presto_queries_running{instance=\"one\"} 1.0",
            "prestogres_presto_queries_ended_total{instance=\"one\",outcome=\"cancelled\"} 1.0");
  }

  @Test
  void shouldTimeTheMirrorByOutcome() {
    instance.mirrored(MirrorOutcome.PARTIAL, TimeUnit.SECONDS.toNanos(3));

    assertThat(metrics.scrape().lines())
        .contains(
            "prestogres_catalog_mirror_duration_seconds_sum{instance=\"one\",outcome=\"partial\"}"
                + " 3.0");
  }

  @Test
  void shouldCountFailuresOfPluginsByReason() {
    instance.pluginFailed(PluginFailure.TIMEOUT);

    assertThat(metrics.scrape().lines())
        .contains(
            "prestogres_plugin_failures_total{instance=\"one\",reason=\"timeout\"} 1.0",
            "prestogres_plugin_failures_total{instance=\"one\",reason=\"threw\"} 0.0");
  }

  @Test
  void shouldKeepInstancesApartAndShowTheJvm() {
    InstanceMetrics other = metrics.instance("two");
    other.sessionOpened();

    assertThat(metrics.scrape().lines())
        .contains(
            "prestogres_sessions_active{instance=\"one\"} 0.0",
            "prestogres_sessions_active{instance=\"two\"} 1.0")
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
  }
}
