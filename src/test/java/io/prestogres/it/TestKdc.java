package io.prestogres.it;

import io.prestogres.demo.engines.LoopbackPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.client.KrbClient;
import org.apache.kerby.kerberos.kerb.server.KdcConfigKey;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;

/** A KDC of the realm EXAMPLE.COM within this JVM, over TCP on a port of its own. */
public final class TestKdc implements AutoCloseable {
  /**
   * The OID of SPNEGO as it stands in each of its tokens, all of which have more than 255 bytes.
   */
  public static final String IN_TOKENS = "KwYBBQUC";

  private static final String REALM = "EXAMPLE.COM";

  private final Path folder;
  private final SimpleKdcServer server;
  private final Path config;
  private boolean stopped;

  private TestKdc(Path folder, SimpleKdcServer server, Path config) {
    this.folder = folder;
    this.server = server;
    this.config = config;
  }

  /** Starts one whose tickets live so long; its files are in {@code folder}, which is there. */
  public static TestKdc start(Path folder, Duration life) throws IOException, KrbException {
    int port = LoopbackPort.claim(0);
    SimpleKdcServer server = new SimpleKdcServer();
    server.setWorkDir(folder.toFile());
    server.setKdcRealm(REALM);
    server.setKdcHost("127.0.0.1");
    server.setKdcTcpPort(port);
    server.setAllowUdp(false);
    server.getKdcConfig().setLong(KdcConfigKey.MAXIMUM_TICKET_LIFETIME, life.toSeconds());
    server.getKdcConfig().setLong(KdcConfigKey.MINIMUM_TICKET_LIFETIME, 1L);
    server.init();
    server.start();
    Path config = folder.resolve("client.krb5.conf");
    Files.writeString(
        config,
        """
        [libdefaults]
          default_realm = %s
          udp_preference_limit = 1
          clockskew = 3600
          kdc_timeout = 2000
          max_retries = 1
          dns_lookup_kdc = false
        [realms]
          %s = {
            kdc = 127.0.0.1:%d
          }
        """
            .formatted(REALM, REALM, port));
    return new TestKdc(folder, server, config);
  }

  /** The file krb5.conf of its clients. */
  public Path config() {
    return config;
  }

  /** A new principal with a random key, and its keytab. */
  public Path add(String name) throws KrbException {
    server.createPrincipal(name + "@" + REALM);
    Path keytab = folder.resolve(name.replace('/', '_') + ".keytab");
    server.exportPrincipal(name + "@" + REALM, keytab.toFile());
    return keytab;
  }

  /** Gives a principal another key, so that its keytab is of no more use. */
  public void replaceKey(String name) throws KrbException {
    server.getKadmin().updateKeys(name + "@" + REALM);
  }

  /** Takes a principal away. */
  public void remove(String name) throws KrbException {
    server.deletePrincipal(name + "@" + REALM);
  }

  /** Logs in as kinit does, to a new file. */
  public Path cache(String name, Path keytab) throws KrbException {
    Path cache = folder.resolve(name + ".cache");
    KrbClient client = server.getKrbClient();
    client.storeTicket(client.requestTgt(name + "@" + REALM, keytab.toFile()), cache.toFile());
    return cache;
  }

  /** Nobody answers any more. */
  public void stop() throws KrbException {
    if (!stopped) {
      stopped = true;
      server.stop();
    }
  }

  @Override
  public void close() throws KrbException {
    stop();
    // The KDC has set it, and the proxy.
    System.clearProperty("java.security.krb5.conf");
  }
}
