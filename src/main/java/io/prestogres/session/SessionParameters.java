package io.prestogres.session;

import io.prestogres.presto.Password;
import io.prestogres.protocol.Backend.ParameterStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The parameters that PostgreSQL reports whenever they change (manual, "Asynchronous Operations").
 * Thread-safe: the results endpoint reads what the session's context writes.
 */
public final class SessionParameters {
  private final Map<String, String> values = new ConcurrentHashMap<>();
  private final Map<String, String> prestoProperties = new ConcurrentHashMap<>();
  private volatile boolean readable;
  private volatile Password password = Password.NONE;

  void set(ParameterStatus status) {
    values.put(status.name(), status.value());
    readable =
        get("client_encoding").equals("UTF8") && get("standard_conforming_strings").equals("on");
  }

  /** Whether our scanner reads this session's texts as PostgreSQL does. */
  boolean readable() {
    return readable;
  }

  /** Whether a text of this session that is UTF-8 means to PostgreSQL what it means to us. */
  boolean readsAsUtf8(String text) {
    String encoding = get("client_encoding");
    return encoding.equals("UTF8")
        || encoding.equals("SQL_ASCII")
        || text.chars().allMatch(sign -> sign < 0x80);
  }

  /** The session's time zone, as PostgreSQL names it. */
  public String timeZone() {
    return get("TimeZone");
  }

  /** What the client calls itself. */
  public String applicationName() {
    return get("application_name");
  }

  /** The major version of PostgreSQL, 0 if it has not been told. */
  int serverVersion() {
    String digits = get("server_version").replaceFirst("[^0-9].*", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  /** Session properties for Presto, as set by {@code SET SESSION}. */
  public Map<String, String> prestoProperties() {
    return Map.copyOf(prestoProperties);
  }

  void setPrestoProperty(String name, String value) {
    prestoProperties.put(name, value);
  }

  void resetPrestoProperty(String name) {
    prestoProperties.remove(name);
  }

  /** The password that goes on to Presto, where that is wanted. */
  Password password() {
    return password;
  }

  void setPassword(Password given) {
    password = given;
  }

  private String get(String name) {
    return values.getOrDefault(name, "");
  }
}
