package io.prestogres.presto;

import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Where the coordinator is, and how patiently it is asked.
 *
 * @param url scheme {@code http} or {@code https}, host, and port if it is not the scheme's; a path
 *     is put before {@code /v1}
 * @param flavor which protocol headers it understands
 * @param credentials sent with every request
 * @param tls what https needs beyond what the JDK has
 * @param requestTimeout the longest silence of one HTTP exchange; Presto answers a poll within
 *     about a second, be there rows or not
 * @param retryDuration how long a coordinator that says 429, 502, 503 or 504 is asked again
 * @param targetResultSize bytes of a page that Presto aims at; one page being read and one waiting
 *     are held in memory per query
 * @param connections the most HTTP connections that are open for results at once
 */
public record PrestoCoordinator(
    URI url,
    Flavor flavor,
    Credentials credentials,
    Tls tls,
    Duration requestTimeout,
    Duration retryDuration,
    long targetResultSize,
    int connections) {

  private static final long MEBIBYTE = 1024 * 1024;

  /** The dialect of the statement protocol. */
  public enum Flavor {
    /** Headers begin with {@code X-Presto-}. */
    PRESTO("X-Presto-"),
    /** Headers begin with {@code X-Trino-}. */
    TRINO("X-Trino-");

    private final String headerPrefix;

    Flavor(String headerPrefix) {
      this.headerPrefix = headerPrefix;
    }

    String header(String name) {
      return headerPrefix + name;
    }
  }

  /**
   * What is sent with every request to prove who asks; never printed. Text is "" where there is
   * none.
   *
   * @param user with {@code password}: for HTTP Basic
   * @param password the user's
   * @param accessToken sent as a bearer token
   * @param tickets of which a token is made for each request
   * @param extra what connectors ask for, by its name
   */
  public record Credentials(
      String user,
      String password,
      String accessToken,
      Optional<KerberosTickets> tickets,
      Map<String, String> extra) {
    /** Nothing is sent. */
    public static final Credentials NONE = new Credentials("", "", "", Optional.empty(), Map.of());

    /** Copies the map. */
    public Credentials {
      extra = Map.copyOf(extra);
    }

    /** A user's password alone. */
    static Credentials basic(String user, String password) {
      return new Credentials(user, password, "", Optional.empty(), Map.of());
    }

    /** The value of the Authorization header of all requests; "" if there is none. */
    public String authorization() {
      if (!accessToken.isEmpty()) {
        return "Bearer " + accessToken;
      }
      String pair = user + ":" + password;
      // Presto and Trino read it as Latin-1.
      Charset charset =
          pair.chars().allMatch(c -> c <= 0xff)
              ? StandardCharsets.ISO_8859_1
              : StandardCharsets.UTF_8;
      return user.isEmpty()
          ? ""
          : "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(charset));
    }

    @Override
    public String toString() {
      return "(secret)";
    }
  }

  /**
   * For https.
   *
   * @param authorities who may have signed Presto's certificate; empty: those whom the JDK trusts
   * @param identity the certificate that is shown if Presto asks for one
   */
  public record Tls(
      Optional<X509ExtendedTrustManager> authorities, Optional<X509ExtendedKeyManager> identity) {
    /** As the JDK has it, and no certificate. */
    public static final Tls DEFAULT = new Tls(Optional.empty(), Optional.empty());
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException naming the setting that cannot be
   */
  public PrestoCoordinator {
    String scheme = url.getScheme();
    if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException("url must be http://host:port or https://host:port");
    }
    if (requestTimeout.toMillis() < 1) {
      throw new IllegalArgumentException("requestTimeout must be positive");
    }
    if (retryDuration.isNegative()) {
      throw new IllegalArgumentException("retryDuration must not be negative");
    }
    if (targetResultSize < 1 || targetResultSize > 64 * MEBIBYTE) {
      throw new IllegalArgumentException("targetResultSize must be between 1 byte and 64 MiB");
    }
    if (connections < 1) {
      throw new IllegalArgumentException("connections must be positive");
    }
  }

  /** The coordinator at {@code url}: 30 s of silence, 60 s of retries, pages of 8 MiB. */
  public static PrestoCoordinator of(URI url, Flavor flavor) {
    return new PrestoCoordinator(
        url,
        flavor,
        Credentials.NONE,
        Tls.DEFAULT,
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        8 * MEBIBYTE,
        256);
  }

  /** For requests that must be answered at once or not at all. */
  PrestoCoordinator withoutRetries() {
    return new PrestoCoordinator(
        url,
        flavor,
        credentials,
        tls,
        requestTimeout,
        Duration.ZERO,
        targetResultSize,
        connections);
  }

  URI resolve(String path) {
    String base = url.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  /** Host and port for messages. */
  static String authority(URI uri) {
    return uri.getHost() + ":" + port(uri);
  }

  static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equals(uri.getScheme()) ? 443 : 80;
  }
}
