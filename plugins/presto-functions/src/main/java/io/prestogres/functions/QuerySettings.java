package io.prestogres.functions;

import com.facebook.presto.jdbc.PrestoLink;
import io.prestogres.functions.trino.TrinoLink;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where Presto is, and as whom and how it is asked.
 *
 * @param url {@code jdbc:presto://host:port} or {@code jdbc:trino://host:port}
 * @param settings by name; those in {@link #OWN} and those that begin with {@code kerberos.} are
 *     ours, those that begin with {@code session.}, {@code role.} and {@code credential.} are
 *     Presto's, all others presto-jdbc's own properties, of which Trino gets {@code SSL} alone
 */
public record QuerySettings(String url, Map<String, String> settings) {
  private static final String SESSION = "session.";
  private static final String ROLE = "role.";
  private static final String CREDENTIAL = "credential.";
  private static final String KERBEROS = "kerberos.";
  private static final String TIME_ZONE = "timeZone";
  private static final String AUTHORIZATION = "authorization";
  private static final List<String> TLS = List.of("ca", "certificate", "key");
  private static final List<String> OWN =
      List.of("catalog", "clientInfo", "clientTags", TIME_ZONE, "source", AUTHORIZATION);

  /** What the proxy has sealed, and the key that opens it. */
  private static final String SEALED = "sealed";

  private static final String SEAL_KEY = "sealKey";

  /**
   * Reads {@code name=value} texts.
   *
   * @throws SQLException 55000 if there is no URL, or the sealed settings cannot be opened; 22023
   *     if a setting is none
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
    String sealed = byName.remove(SEALED);
    String key = byName.remove(SEAL_KEY);
    if (sealed != null) {
      byName.putAll(SealedTexts.open(key == null ? "" : key, sealed));
    }
    return new QuerySettings(url, byName);
  }

  /**
   * Connects, which sends nothing yet.
   *
   * @throws SQLException 22023 if the URL is no driver's; 28000 without a user, or with a ticket
   *     that is of no use; 22021 if a setting cannot be sent
   */
  EngineLink open() throws SQLException {
    requireHeaders();
    Map<String, String> ticket = beginningWith(KERBEROS);
    if (!ticket.isEmpty()) {
      ServiceTicket.of(ticket).requireUsable();
    }
    if (url.startsWith("jdbc:trino:")) {
      return TrinoLink.open(this);
    }
    if (url.startsWith("jdbc:presto:")) {
      return PrestoLink.open(this);
    }
    throw new SQLException(
        "the address of a coordinator begins with jdbc:presto: or jdbc:trino:", "22023");
  }

  /** What cannot be sent would be refused without words, or sent as something else. */
  private void requireHeaders() throws SQLException {
    if (user().isEmpty()) {
      throw new SQLException("a Presto session needs a user name", "28000");
    }
    requireHeader("user name", user());
    requireHeader("catalog name", catalog());
  }

  private static void requireHeader(String what, String text) throws SQLException {
    if (text.chars().anyMatch(c -> c < ' ' || c > '~') || !text.equals(text.strip())) {
      throw new SQLException(
          "the " + what + " cannot be sent to Presto: only ASCII signs can", "22021");
    }
  }

  /** The driver's own properties. */
  public Map<String, String> driverProperties() {
    Map<String, String> properties = new HashMap<>(settings);
    properties.keySet().removeAll(OWN);
    properties.keySet().removeAll(TLS);
    properties
        .keySet()
        .removeIf(
            name ->
                name.startsWith(SESSION)
                    || name.startsWith(ROLE)
                    || name.startsWith(CREDENTIAL)
                    || name.startsWith(KERBEROS));
    return properties;
  }

  /** Properties of Presto's session. */
  public Map<String, String> sessionProperties() {
    return beginningWith(SESSION);
  }

  /** By catalog, as {@code ROLE{name}}, {@code ALL} or {@code NONE}. */
  public Map<String, String> roles() {
    return beginningWith(ROLE);
  }

  /** What connectors ask for. */
  public Map<String, String> extraCredentials() {
    return beginningWith(CREDENTIAL);
  }

  private Map<String, String> beginningWith(String prefix) {
    Map<String, String> found = new TreeMap<>();
    settings.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), value);
          }
        });
    return found;
  }

  /** The value of the Authorization header of one request; "" if none is sent. */
  public String authorization() {
    Map<String, String> ticket = beginningWith(KERBEROS);
    return ticket.isEmpty() ? get(AUTHORIZATION, "") : ServiceTicket.of(ticket).authorization();
  }

  /** TLS as the settings have it. */
  public PrestoTls tls() throws SQLException {
    Map<String, String> texts = new HashMap<>(settings);
    texts.keySet().retainAll(TLS);
    return PrestoTls.of(texts);
  }

  /** PostgreSQL also has time zones that Java and Presto have no name for. */
  public String timeZone() {
    try {
      return ZoneId.of(get(TIME_ZONE, "UTC")).getId();
    } catch (DateTimeException unknown) {
      return "UTC";
    }
  }

  /** The catalog of unqualified names; "" if there is none. */
  public String catalog() {
    return get("catalog", "");
  }

  /** The program that asks. */
  public String source() {
    return get("source", "prestogres");
  }

  /** Free text for Presto's query log, of signs that a header can hold. */
  public String clientInfo() {
    return get("clientInfo", "").replaceAll("[^ -~]", "?").strip();
  }

  /** Tags for resource groups, separated by commas. */
  public String clientTags() {
    return get("clientTags", "");
  }

  /** As whom Presto is asked; "" if nobody said. */
  public String user() {
    return get("user", "");
  }

  private String get(String name, String fallback) {
    return settings.getOrDefault(name, fallback);
  }

  /** Whether the coordinator is spoken to over https. */
  public boolean isEncrypted() {
    return Boolean.parseBoolean(get("SSL", "false"));
  }

  /** The coordinator's host and port. */
  public String authority() {
    String rest = url.replaceFirst("^jdbc:[a-z]+://", "");
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return url;
  }
}
