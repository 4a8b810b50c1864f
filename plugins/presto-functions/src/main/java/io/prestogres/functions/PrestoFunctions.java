package io.prestogres.functions;

import java.sql.SQLException;
import java.util.Iterator;
import java.util.Properties;

/** What PL/Java calls. Its methods are named in CREATE FUNCTION statements. */
public final class PrestoFunctions {
  private static final String SESSION = "sessionProperties";

  /**
   * What gives the values that PostgreSQL's own types have, and pages of a size that costs little.
   * A caller's own session properties come behind these and win.
   */
  private static final String SESSION_DEFAULTS =
      "legacy_timestamp:false;offset_clause_enabled:true;target_result_size:8MB";

  private PrestoFunctions() {}

  /**
   * Runs a query on Presto.
   *
   * <p>The rows come in batches: element i of a batch is the literal of an array of the values of
   * column i, as {@code text[]} in PostgreSQL's text forms. A batch without elements means that
   * nothing has come for 100 ms. A statement without rows gives one batch with the number of rows
   * that it changed. The iterator throws {@link SQLException}s.
   *
   * @param url as presto-jdbc takes it, {@code jdbc:presto://host:port/catalog/schema}
   * @param properties of presto-jdbc, each as {@code name=value}; {@code user} is required
   * @param query with a {@code ?} for each parameter
   * @param parameters PostgreSQL's text of each; null for NULL
   * @throws SQLException 22023 if a property is malformed
   */
  public static Iterator<String[]> fetchBatches(
      String url, String[] properties, String query, String[] parameters) throws SQLException {
    QueryWorker worker = new QueryWorker(url, parse(properties), query, parameters.clone());
    Thread thread = new Thread(worker, "presto-query");
    thread.setDaemon(true);
    thread.start();
    return new BatchIterator(worker);
  }

  private static Properties parse(String[] properties) throws SQLException {
    Properties parsed = new Properties();
    parsed.setProperty("disableCompression", "true");
    parsed.setProperty("timeZoneId", "UTC");
    parsed.setProperty("applicationNamePrefix", "prestogres");
    for (String property : properties) {
      int equals = property.indexOf('=');
      if (equals < 1) {
        throw new SQLException("a property must be given as name=value", "22023");
      }
      parsed.setProperty(property.substring(0, equals), property.substring(equals + 1));
    }
    parsed.setProperty(SESSION, sessionProperties(parsed.getProperty(SESSION, "")));
    return parsed;
  }

  private static String sessionProperties(String own) {
    StringBuilder merged = new StringBuilder(own);
    for (String standard : SESSION_DEFAULTS.split(";", -1)) {
      String name = standard.substring(0, standard.indexOf(':') + 1);
      if (!(";" + own).contains(";" + name)) {
        merged.append(merged.length() == 0 ? "" : ";").append(standard);
      }
    }
    return merged.toString();
  }
}
