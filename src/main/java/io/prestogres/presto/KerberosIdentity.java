package io.prestogres.presto;

import java.io.IOException;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

/**
 * Who the proxy is in Kerberos, as long as a ticket lasts. Thread-safe; what it does may ask a KDC,
 * and block.
 *
 * @param principal as whom it has logged in
 * @param subject with its tickets
 * @param granting the ticket with which others are asked for
 * @param serviceTickets by service, those that were asked for to be used elsewhere
 * @param made when, in milliseconds of the clock, as the two that follow
 * @param renewal when it should be replaced
 * @param end when it is of no use any more
 */
record KerberosIdentity(
    String principal,
    Subject subject,
    KerberosTicket granting,
    Map<String, Map<String, String>> serviceTickets,
    long made,
    long renewal,
    long end) {
  private static final String SPNEGO = "1.3.6.1.5.5.2";

  /** After this part of its life a ticket is replaced, while the old one is in use still. */
  private static final double OLD = 0.5;

  /**
   * Asks the KDC, or reads the credential cache.
   *
   * @throws PrestoException 28000 if the KDC refuses, 08001 if there is none
   */
  static KerberosIdentity logIn(KerberosTickets.Settings settings, Clock clock) {
    try {
      LoginContext context = new LoginContext("presto", null, null, new Options(settings));
      context.login();
      Subject subject = context.getSubject();
      KerberosTicket granting =
          subject.getPrivateCredentials(KerberosTicket.class).stream()
              .filter(KerberosIdentity::isGranting)
              .findFirst()
              .orElseThrow(() -> new LoginException("there is no ticket"));
      long now = clock.millis();
      long end = granting.getEndTime().toInstant().toEpochMilli();
      long renewal = now + (long) (OLD * (end - now));
      return new KerberosIdentity(
          settings.principal(), subject, granting, new ConcurrentHashMap<>(), now, renewal, end);
    } catch (LoginException refused) {
      throw failure(
          refused,
          "the proxy cannot log in to Kerberos as " + settings.principal() + source(settings),
          remedy(settings));
    }
  }

  private static String source(KerberosTickets.Settings settings) {
    return settings.keytab().isEmpty()
        ? " with the credential cache " + settings.credentialCache()
        : " with the keytab " + settings.keytab();
  }

  private static String remedy(KerberosTickets.Settings settings) {
    return settings.keytab().isEmpty()
        ? "klist -c " + settings.credentialCache() + " has to show a ticket that is valid"
        : "kinit -k -t " + settings.keytab() + " " + settings.principal() + " has to succeed";
  }

  KerberosIdentity renewedAt(long time) {
    return new KerberosIdentity(principal, subject, granting, serviceTickets, made, time, end);
  }

  /**
   * A token for one request, of SPNEGO.
   *
   * @throws PrestoException 28000 if there is no ticket for the service, 08001 if there is no KDC
   */
  String token(String service) {
    return token(subject, service);
  }

  private String token(Subject asking, String service) {
    try {
      return Subject.doAs(asking, (PrivilegedExceptionAction<String>) () -> firstToken(service));
    } catch (PrivilegedActionException refused) {
      throw failure(
          refused,
          "there is no Kerberos ticket of " + principal + " for Presto as " + service,
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

  /**
   * A ticket for a service and its session key, as {@link KerberosTickets#serviceTicket} has it.
   */
  Map<String, String> serviceTicket(String service) {
    return serviceTickets.computeIfAbsent(service, this::newServiceTicket);
  }

  /** In a subject of its own, which has no other ticket for a service afterwards. */
  private Map<String, String> newServiceTicket(String service) {
    Subject alone = new Subject();
    alone.getPrivateCredentials().add(granting);
    token(alone, service);
    return alone.getPrivateCredentials(KerberosTicket.class).stream()
        .filter(ticket -> !isGranting(ticket))
        .findFirst()
        .map(KerberosIdentity::texts)
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

  private static PrestoException failure(Throwable cause, String what, String remedy) {
    String why = "";
    boolean network = false;
    for (Throwable at = cause; at != null; at = at.getCause()) {
      network |= at instanceof IOException;
      why = at.getMessage() == null || at.getMessage().isEmpty() ? why : at.getMessage();
    }
    return network
        ? KerberosTickets.unreachable(what + ": the KDC: " + why)
        : new PrestoException("28000", what + ": " + why + "; " + remedy);
  }

  /** Without tickets and keys. */
  @Override
  public String toString() {
    return principal;
  }

  /** For the JDK's own module; it takes nothing from the environment or from a user's terminal. */
  private static final class Options extends Configuration {
    private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";

    private final Map<String, String> options = new HashMap<>();

    Options(KerberosTickets.Settings settings) {
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
}
