package io.prestogres.presto;

import io.prestogres.presto.PrestoCoordinator.Flavor;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The headers of requests. */
final class SessionHeaders {
  private static final String UNESCAPED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~*()'/:;?!<>|&$@[]{}^";

  private SessionHeaders() {}

  /** Headers of every request: a page of rows is read as it is, without gzip, which is slower. */
  static MultiMap common(PrestoCoordinator coordinator) {
    MultiMap headers =
        HttpHeaders.headers()
            .set(HttpHeaders.ACCEPT_ENCODING, "identity")
            .set(HttpHeaders.ACCEPT, "application/json")
            .set(HttpHeaders.USER_AGENT, "prestogres");
    set(headers, HttpHeaders.AUTHORIZATION.toString(), coordinator.credentials().authorization());
    return headers;
  }

  /** Headers that also say who asks, and under which settings. */
  static MultiMap of(PrestoCoordinator coordinator, PrestoSession session) {
    Flavor flavor = coordinator.flavor();
    MultiMap headers = common(coordinator);
    set(headers, HttpHeaders.AUTHORIZATION.toString(), session.authorization());
    headers.set(flavor.header("User"), session.user());
    set(headers, flavor.header("Catalog"), session.catalog());
    set(headers, flavor.header("Schema"), session.schema());
    set(headers, flavor.header("Time-Zone"), session.timeZone());
    set(headers, flavor.header("Source"), printable(session.source()));
    set(headers, flavor.header("Client-Info"), printable(session.clientInfo()));
    set(headers, flavor.header("Client-Tags"), String.join(",", session.clientTags()));
    Map<String, String> properties = new TreeMap<>(session.properties());
    if (flavor == Flavor.PRESTO) {
      // The old meaning of timestamp moves values by the session's zone, and OFFSET is a syntax
      // error unless it is allowed: both would change what a statement means.
      properties.put("legacy_timestamp", "false");
      properties.put("offset_clause_enabled", "true");
    } else {
      // Without it Trino cuts timestamps to milliseconds.
      headers.set(flavor.header("Client-Capabilities"), "PARAMETRIC_DATETIME");
    }
    addPairs(headers, flavor.header("Session"), properties);
    addPairs(headers, flavor.header("Role"), session.roles());
    addPairs(headers, flavor.header("Extra-Credential"), coordinator.credentials().extra());
    return headers;
  }

  private static void addPairs(MultiMap headers, String header, Map<String, String> pairs) {
    pairs.forEach((name, value) -> headers.add(header, name + "=" + encode(value)));
  }

  /** Text of a prepared statement or property: percent-encoded, but no more than must be. */
  static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 64);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (UNESCAPED.indexOf(c) >= 0) {
        encoded.append(c);
      } else if (c == ' ') {
        encoded.append('+');
      } else {
        encoded.append('%').append(Character.forDigit(c >> 4, 16));
        encoded.append(Character.forDigit(c & 15, 16));
      }
    }
    return encoded.toString();
  }

  private static void set(MultiMap headers, String name, String value) {
    if (!value.isEmpty()) {
      headers.set(name, value);
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?").strip();
  }
}
