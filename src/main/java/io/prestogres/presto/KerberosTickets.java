package io.prestogres.presto;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The proxy's tickets of Kerberos, and the tokens made of them that prove to Presto who asks (RFC
 * 4559). A token is for one request: Presto takes a second one like it for a replay. Making one
 * needs the KDC only when a ticket has run out, but may block then, so it happens on threads of its
 * own. Thread-safe.
 */
public final class KerberosTickets {
  private static final System.Logger LOG = System.getLogger(KerberosTickets.class.getName());

  private static final int THREADS = 4;

  /** The JDK asks each KDC three times, for 30 s. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** How soon a renewal that failed is tried again while the old ticket holds. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** What a header may be before the first is known. */
  private static final int LIKELY_SIZE = 1_500;

  private final Settings settings;
  private final Clock clock;
  private final WorkerExecutor workers;
  private final AtomicBoolean renewing = new AtomicBoolean();
  private volatile @Nullable KerberosIdentity login;
  private volatile int headerSize = LIKELY_SIZE;

  /**
   * As whom the proxy logs in, and to what. Files have absolute names; "" is none.
   *
   * @param principal as whom, with the realm
   * @param keytab the file with the principal's keys
   * @param credentialCache instead of it, the file with a ticket that others renew
   * @param config the file krb5.conf; "": where the JDK looks for it
   * @param service {@code ${SERVICE}} of the pattern
   * @param servicePattern Presto's own principal, made of {@code ${SERVICE}} and {@code ${HOST}}
   * @param canonicalHostname whether {@code ${HOST}} is the name that DNS has for the address
   * @param patience the longest that a token may take
   */
  public record Settings(
      String principal,
      String keytab,
      String credentialCache,
      String config,
      String service,
      String servicePattern,
      boolean canonicalHostname,
      Duration patience) {}

  /**
   * Nothing is asked for yet. The file krb5.conf becomes that of the whole JVM, which can have one
   * only.
   */
  public KerberosTickets(Vertx vertx, Settings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.workers =
        vertx.createSharedWorkerExecutor(
            "prestogres-kerberos " + settings.principal(),
            THREADS,
            PATIENCE.toSeconds(),
            TimeUnit.SECONDS);
    if (!settings.config().isEmpty()) {
      System.setProperty("java.security.krb5.conf", settings.config());
    }
  }

  /**
   * The value of the Authorization header of one request.
   *
   * @return fails with 28000 if the KDC does not know the proxy or Presto, 08001 if there is none
   */
  Future<String> authorization(String host) {
    return make(
        () -> {
          String header = "Negotiate " + login().token(service(host));
          headerSize = header.length();
          return header;
        });
  }

  private <T> Future<T> make(Callable<T> token) {
    return workers
        .executeBlocking(token, false)
        .timeout(settings.patience().toMillis(), TimeUnit.MILLISECONDS)
        .recover(cause -> Future.failedFuture(asPrestoException(cause)));
  }

  private PrestoException asPrestoException(Throwable cause) {
    if (cause instanceof PrestoException known) {
      return known;
    }
    String what = "no Kerberos ticket of " + settings.principal() + " for Presto: ";
    return cause instanceof TimeoutException
        ? unreachable(
            what + "the KDC did not answer within " + settings.patience().toMillis() + " ms")
        : new PrestoException("58000", what + cause);
  }

  /**
   * What makes tokens for that host elsewhere, without a KDC, until the ticket has run out: a
   * ticket for the service, and its session key. Texts by name, to be kept secret; the same ones
   * until the proxy's own ticket is renewed.
   *
   * @return fails as {@link #authorization} does
   */
  public Future<Map<String, String>> serviceTicket(String host) {
    return make(() -> login().serviceTicket(service(host)));
  }

  /** About how many bytes the header has. */
  int headerSize() {
    return headerSize;
  }

  /**
   * After Presto has refused a token.
   *
   * @return whether a new login may help: with other keys on Presto's side, old tickets are of no
   *     use; false if the login was new
   */
  boolean renewAfterRefusal() {
    KerberosIdentity refused = login;
    boolean old = refused == null || clock.millis() - refused.made() > PAUSE.toMillis();
    if (old) {
      login = null;
    }
    return old;
  }

  Future<Void> close() {
    return workers.close();
  }

  private KerberosIdentity login() {
    KerberosIdentity current = login;
    long now = clock.millis();
    if (current == null || now >= current.end()) {
      return loggedIn();
    }
    if (now >= current.renewal() && renewing.compareAndSet(false, true)) {
      workers.executeBlocking(() -> renew(current), false).onComplete(done -> renewing.set(false));
    }
    return current;
  }

  private synchronized KerberosIdentity loggedIn() {
    KerberosIdentity current = login;
    if (current == null || clock.millis() >= current.end()) {
      current = KerberosIdentity.logIn(settings, clock);
      login = current;
    }
    return current;
  }

  /** What is in use holds while the KDC is away. */
  private KerberosIdentity renew(KerberosIdentity old) {
    KerberosIdentity renewed;
    try {
      renewed = KerberosIdentity.logIn(settings, clock);
    } catch (PrestoException failure) {
      LOG.log(System.Logger.Level.WARNING, "{0}; the ticket holds still", failure.getMessage());
      renewed = old.renewedAt(clock.millis() + PAUSE.toMillis());
    }
    login = renewed;
    return renewed;
  }

  private String service(String host) {
    return settings
        .servicePattern()
        .replace("${SERVICE}", settings.service())
        .replace("${HOST}", serviceHost(host).toLowerCase(Locale.ROOT));
  }

  private String serviceHost(String host) {
    if (!settings.canonicalHostname()) {
      return host;
    }
    try {
      InetAddress address = InetAddress.getByName(host);
      // Presto, too, calls itself by its machine's name then.
      boolean local = "localhost".equalsIgnoreCase(address.getHostName());
      return (local ? InetAddress.getLocalHost() : address).getCanonicalHostName();
    } catch (UnknownHostException unknown) {
      throw new PrestoException("08001", "Presto's host " + host + " has no address");
    }
  }

  /** Nobody is there who could tell whether the proxy is known. */
  static PrestoException unreachable(String message) {
    return new PrestoException("08001", "", message, "", null, true);
  }
}
