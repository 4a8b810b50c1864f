package io.prestogres.functions;

import com.facebook.presto.jdbc.PrestoConnection;
import com.facebook.presto.jdbc.PrestoDriver;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where Presto is, and as whom and how it is asked.
 *
 * @param url as presto-jdbc takes it
 * @param settings by name; those in {@link #OWN} are ours, those that begin with {@code session.}
 *     are Presto's session properties, all others presto-jdbc's own properties
 */
record QuerySettings(String url, Map<String, String> settings) {
  private static final String SESSION = "session.";
  private static final String TIME_ZONE = "timeZone";
  private static final List<String> OWN = List.of("catalog", "clientInfo", TIME_ZONE, "source");

  /** What gives the values that PostgreSQL's own types have, whatever the session has set. */
  private static final Map<String, String> FIXED =
      Map.of("legacy_timestamp", "false", "offset_clause_enabled", "true");

  /**
   * Reads {@code name=value} texts.
   *
   * @throws SQLException 55000 if there is no URL; 22023 if a setting is none
   */
  static QuerySettings parse(@Nullable String url, @Nullable String @Nullable [] settings)
      throws SQLException {
    if (url == null || settings == null) {
      throw new SQLException("this database does not know its Presto", "55000");
    }
    Map<String, String> byName = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting == null ? -1 : setting.indexOf('=');
      if (setting == null || equals < 1) {
        throw new SQLException("a setting must be given as name=value", "22023");
      }
      byName.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return new QuerySettings(url, byName);
  }

  /**
   * Connects, which sends nothing yet.
   *
   * @throws SQLException 22023 if the URL is another driver's; 28000 without a user; 22021 if a
   *     setting cannot be sent
   */
  Connection connect() throws SQLException {
    requireHeaders();
    Properties properties = new Properties();
    properties.setProperty("disableCompression", "true");
    settings.forEach(
        (name, value) -> {
          if (!OWN.contains(name) && !name.startsWith(SESSION)) {
            properties.setProperty(name, value);
          }
        });
    properties.setProperty("applicationNamePrefix", get("source", "prestogres"));
    properties.setProperty("timeZoneId", timeZone());
    Connection connection = new PrestoDriver().connect(url, properties);
    if (connection == null) {
      throw new SQLException(
          "not an address for presto-jdbc: it begins with jdbc:presto:", "22023");
    }
    PrestoConnection presto = connection.unwrap(PrestoConnection.class);
    String catalog = get("catalog", "");
    if (!catalog.isEmpty()) {
      presto.setCatalog(catalog);
    }
    presto.setClientInfo("ClientInfo", get("clientInfo", "").replaceAll("[^ -~]", "?").strip());
    // Presto's default is right here: a page becomes objects, many times as large, in a small heap.
    presto.setSessionProperty("target_result_size", "1MB");
    settings.forEach(
        (name, value) -> {
          if (name.startsWith(SESSION)) {
            presto.setSessionProperty(name.substring(SESSION.length()), value);
          }
        });
    FIXED.forEach(presto::setSessionProperty);
    return connection;
  }

  /** What cannot be sent would be refused without words, or sent as something else. */
  private void requireHeaders() throws SQLException {
    if (user().isEmpty()) {
      throw new SQLException("a Presto session needs a user name", "28000");
    }
    requireHeader("user name", user());
    requireHeader("catalog name", get("catalog", ""));
  }

  private static void requireHeader(String what, String text) throws SQLException {
    if (text.chars().anyMatch(c -> c < ' ' || c > '~') || !text.equals(text.strip())) {
      throw new SQLException(
          "the " + what + " cannot be sent to Presto: only ASCII signs can", "22021");
    }
  }

  /** PostgreSQL also has time zones that Java and Presto have no name for. */
  private String timeZone() {
    try {
      return ZoneId.of(get(TIME_ZONE, "UTC")).getId();
    } catch (DateTimeException unknown) {
      return "UTC";
    }
  }

  private String get(String name, String fallback) {
    return settings.getOrDefault(name, fallback);
  }

  /** As whom Presto is asked; "" if nobody said. */
  String user() {
    return get("user", "");
  }

  /** The coordinator's host and port, for messages. */
  String authority() {
    String rest = url.replaceFirst("^jdbc:[a-z]+://", "");
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }
}
