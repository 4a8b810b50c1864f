package io.prestogres.functions;

import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KerberosTicket;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/**
 * The proxy's ticket of Kerberos for a coordinator, and the tokens made of it, one for each
 * request. The JDK looks for a ticket of the service before it asks a KDC, so that none is asked:
 * neither a keytab nor a krb5.conf is needed on PostgreSQL's machine.
 */
record ServiceTicket(KerberosTicket ticket) {
  private static final String SPNEGO = "1.3.6.1.5.5.2";

  /** GSS_KRB5_NT_PRINCIPAL_NAME: with its realm, for which a krb5.conf would be asked else. */
  private static final String PRINCIPAL_NAME = "1.2.840.113554.1.2.2.1";

  private static final int FLAGS = 32;

  /** From what {@code KerberosTickets} of the proxy has written. */
  static ServiceTicket of(Map<String, String> texts) {
    Base64.Decoder base64 = Base64.getDecoder();
    Date start = Date.from(Instant.parse(texts.getOrDefault("start", "")));
    Date end = Date.from(Instant.parse(texts.getOrDefault("end", "")));
    return new ServiceTicket(
        new KerberosTicket(
            base64.decode(texts.getOrDefault("ticket", "")),
            new KerberosPrincipal(texts.getOrDefault("client", "")),
            new KerberosPrincipal(texts.getOrDefault("server", "")),
            base64.decode(texts.getOrDefault("key", "")),
            Integer.parseInt(texts.getOrDefault("keyType", "0")),
            new boolean[FLAGS],
            start,
            start,
            end,
            null,
            null));
  }

  /**
   * Looks before the first request, for a token that cannot be had later is told as Presto's.
   *
   * @throws SQLException 28000 if the ticket has run out, or there are no tokens
   */
  void requireUsable() throws SQLException {
    if (!ticket.isCurrent()) {
      throw new SQLException(
          "the proxy's Kerberos ticket for Presto has run out, and the proxy has not brought"
              + " another: see its log",
          "28000");
    }
    try {
      token();
    } catch (PrivilegedActionException refused) {
      throw new SQLException(
          "the proxy's Kerberos ticket for Presto is of no use: " + refused.getCause(), "28000");
    }
  }

  /** The header; "" if there is none, so that Presto refuses the request at once. */
  String authorization() {
    try {
      return "Negotiate " + token();
    } catch (PrivilegedActionException refused) {
      return "";
    }
  }

  private String token() throws PrivilegedActionException {
    Subject subject = new Subject(true, Set.of(ticket.getClient()), Set.of(), Set.of(ticket));
    return Subject.doAs(subject, (PrivilegedExceptionAction<String>) this::firstToken);
  }

  private String firstToken() throws GSSException {
    GSSManager manager = GSSManager.getInstance();
    GSSContext context =
        manager.createContext(
            manager.createName(ticket.getServer().getName(), new Oid(PRINCIPAL_NAME)),
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

  /** Without the key. */
  @Override
  public String toString() {
    return "ticket of " + ticket.getClient() + " for " + ticket.getServer();
  }
}
