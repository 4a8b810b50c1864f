package io.prestogres.config;

/**
 * One listener and what stands behind it.
 *
 * @param listen where PostgreSQL clients connect; its name is the instance's name
 * @param tls TLS between clients and the listener
 * @param redirect the PostgreSQL behind it
 * @param control the role that puts the shells into that PostgreSQL
 * @param presto the Presto or Trino behind it
 * @param catalog how the shells are kept fresh
 * @param results the endpoint from which PostgreSQL reads Presto's rows
 * @param tableFunction the provider of {@code prestogres.fetch_presto_query_results}
 * @param shell what kind of relation a shell is
 * @param pushdown which statements may be rewritten
 * @param limits what one instance accepts
 */
public record InstanceConfig(
    NamedAddress listen,
    TlsConfig tls,
    RedirectConfig redirect,
    ControlConfig control,
    PrestoConfig presto,
    CatalogConfig catalog,
    ResultsConfig results,
    TableFunction tableFunction,
    Shell shell,
    Pushdown pushdown,
    LimitsConfig limits) {

  /** The instance's name: its listener's. */
  public String name() {
    return listen.name();
  }

  /** The provider of the table function. */
  public enum TableFunction {
    /** The best provider at hand. */
    AUTO,
    /** PL/Java, with presto-jdbc inside of PostgreSQL's backends. */
    PLJAVA,
    /** postgres_fdw, with the results endpoint as its server. */
    LOOPBACK
  }

  /** What kind of relation a shell is. */
  public enum Shell {
    /** An empty table with a foreign table as its child. */
    TABLE,
    /** A partitioned table with a foreign table as its only partition. */
    PARTITIONED,
    /** A foreign table. */
    FOREIGN
  }

  /** Which statements may be rewritten into a call of the table function. */
  public enum Pushdown {
    /** Those that Presto answers exactly as PostgreSQL would. */
    EXACT,
    /** None: every shell is scanned, and PostgreSQL evaluates. */
    SCANS
  }
}
