package io.prestogres.presto;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.Oid;
import org.jspecify.annotations.Nullable;

/**
 * The proxy's tickets of Kerberos, and the tokens made of them that prove to Presto who asks (RFC
 * 4559). A token is for one request: Presto takes a second one like it for a replay. Making one
 * needs the KDC only when a ticket has run out, but may block then, so it happens on threads of its
 * own. Thread-safe.
 */
public final class KerberosTickets {
  private static final System.Logger LOG = System.getLogger(KerberosTickets.class.getName());

  private static final String SPNEGO = "1.3.6.1.5.5.2";
  private static final int THREADS = 4;

  /** The JDK asks each KDC three times, for 30 s. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** After this part of its life a ticket is replaced, while the old one is in use still. */
  private static final double OLD = 0.5;

  /** How soon a renewal that failed is tried again while the old ticket holds. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** What a header may be before the first is known. */
  private static final int LIKELY_SIZE = 1_500;

  private final Settings settings;
  private final Clock clock;
  private final WorkerExecutor workers;
  private final AtomicBoolean renewing = new AtomicBoolean();
  private volatile @Nullable Login login;
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

  /** Times are those of the clock, in milliseconds. */
  private record Login(
      Subject subject,
      KerberosTicket granting,
      Map<String, Map<String, String>> serviceTickets,
      long made,
      long renewal,
      long end) {

    Login renewedAt(long time) {
      return new Login(subject, granting, serviceTickets, made, time, end);
    }
  }

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
          String header = "Negotiate " + token(login().subject(), service(host));
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
    return make(
        () -> {
          Login current = login();
          return current
              .serviceTickets()
              .computeIfAbsent(service(host), service -> serviceTicket(current, service));
        });
  }

  /** In a subject of its own, which has no other ticket for a service afterwards. */
  private Map<String, String> serviceTicket(Login login, String service) {
    Subject subject = new Subject();
    subject.getPrivateCredentials().add(login.granting());
    token(subject, service);
    return subject.getPrivateCredentials(KerberosTicket.class).stream()
        .filter(ticket -> !isGranting(ticket))
        .findFirst()
        .map(KerberosTickets::texts)
        .orElseThrow(() -> new PrestoException("28000", "there is no ticket for " + service));
  }

  private static Map<String, String> texts(KerberosTicket ticket) {
    Base64.Encoder base64 = Base64.getEncoder();
    return Map.of(
        "kerberos.ticket",
        base64.encodeToString(ticket.getEncoded()),
        "kerberos.client",
        ticket.getClient().getName(),
        "kerberos.server",
        ticket.getServer().getName(),
        "kerberos.key",
        base64.encodeToString(ticket.getSessionKey().getEncoded()),
        "kerberos.keyType",
        Integer.toString(ticket.getSessionKeyType()),
        "kerberos.start",
        ticket.getAuthTime().toInstant().toString(),
        "kerberos.end",
        ticket.getEndTime().toInstant().toString());
  }

  private static boolean isGranting(KerberosTicket ticket) {
    return ticket.getServer().getName().startsWith("krbtgt/");
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
    Login refused = login;
    boolean old = refused == null || clock.millis() - refused.made() > PAUSE.toMillis();
    if (old) {
      login = null;
    }
    return old;
  }

  Future<Void> close() {
    return workers.close();
  }

  private Login login() {
    Login current = login;
    long now = clock.millis();
    if (current == null || now >= current.end()) {
      return loggedIn();
    }
    if (now >= current.renewal() && renewing.compareAndSet(false, true)) {
      workers.executeBlocking(() -> renew(current), false).onComplete(done -> renewing.set(false));
    }
    return current;
  }

  private synchronized Login loggedIn() {
    Login current = login;
    if (current == null || clock.millis() >= current.end()) {
      current = logIn();
      login = current;
    }
    return current;
  }

  /** What is in use holds while the KDC is away. */
  private Login renew(Login old) {
    Login renewed;
    try {
      renewed = logIn();
    } catch (PrestoException failure) {
      LOG.log(System.Logger.Level.WARNING, "{0}; the ticket holds still", failure.getMessage());
      renewed = old.renewedAt(clock.millis() + PAUSE.toMillis());
    }
    login = renewed;
    return renewed;
  }

  private Login logIn() {
    try {
      LoginContext context = new LoginContext("presto", null, null, new Options(settings));
      context.login();
      Subject subject = context.getSubject();
      KerberosTicket granting =
          subject.getPrivateCredentials(KerberosTicket.class).stream()
              .filter(KerberosTickets::isGranting)
              .findFirst()
              .orElseThrow(() -> new LoginException("there is no ticket"));
      long now = clock.millis();
      long end = granting.getEndTime().toInstant().toEpochMilli();
      long renewal = now + (long) (OLD * (end - now));
      return new Login(subject, granting, new ConcurrentHashMap<>(), now, renewal, end);
    } catch (LoginException refused) {
      throw failure(
          refused,
          "the proxy cannot log in to Kerberos as " + settings.principal() + source(),
          remedy());
    }
  }

  private String source() {
    return settings.keytab().isEmpty()
        ? " with the credential cache " + settings.credentialCache()
        : " with the keytab " + settings.keytab();
  }

  private String remedy() {
    return settings.keytab().isEmpty()
        ? "klist -c " + settings.credentialCache() + " has to show a ticket that is valid"
        : "kinit -k -t " + settings.keytab() + " " + settings.principal() + " has to succeed";
  }

  /** For the JDK's own module; it takes nothing from the environment or from a user's terminal. */
  private static final class Options extends Configuration {
    private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";

    private final Map<String, String> options = new HashMap<>();

    Options(Settings settings) {
      options.put("principal", settings.principal());
      options.put("doNotPrompt", "true");
      options.put("refreshKrb5Config", "true");
      if (settings.keytab().isEmpty()) {
        options.put("useTicketCache", "true");
        options.put("ticketCache", settings.credentialCache());
        options.put("renewTGT", "true");
      } else {
        options.put("useKeyTab", "true");
        options.put("keyTab", settings.keytab());
      }
    }

    @Override
    public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
      return new AppConfigurationEntry[] {
        new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, options)
      };
    }
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

  private String token(Subject subject, String service) {
    try {
      return Subject.doAs(subject, (PrivilegedExceptionAction<String>) () -> firstToken(service));
    } catch (PrivilegedActionException refused) {
      throw failure(
          refused,
          "there is no Kerberos ticket of " + settings.principal() + " for Presto as " + service,
          "presto.login.kerberos has to name the principal of Presto's own keytab, with"
              + " remote-service-name, use-canonical-hostname and the host of presto.url");
    }
  }

  private static String firstToken(String service) throws GSSException {
    GSSManager manager = GSSManager.getInstance();
    GSSContext context =
        manager.createContext(
            manager.createName(service, GSSName.NT_HOSTBASED_SERVICE),
            new Oid(SPNEGO),
            null,
            GSSContext.DEFAULT_LIFETIME);
    try {
      context.requestMutualAuth(true);
      return Base64.getEncoder().encodeToString(context.initSecContext(new byte[0], 0, 0));
    } finally {
      context.dispose();
    }
  }

  private static PrestoException failure(Throwable cause, String what, String remedy) {
    String why = "";
    boolean network = false;
    for (Throwable at = cause; at != null; at = at.getCause()) {
      network |= at instanceof IOException;
      why = at.getMessage() == null || at.getMessage().isEmpty() ? why : at.getMessage();
    }
    return network
        ? unreachable(what + ": the KDC: " + why)
        : new PrestoException("28000", what + ": " + why + "; " + remedy);
  }

  private static PrestoException unreachable(String message) {
    return new PrestoException("08001", "", message, "", null, true);
  }
}
