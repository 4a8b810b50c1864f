package io.prestogres.presto;

import static io.prestogres.presto.ClientOfFake.assertFails;
import static io.prestogres.presto.ClientOfFake.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.it.TestKdc;
import io.prestogres.presto.PrestoCoordinator.Credentials;
import io.prestogres.presto.PrestoCoordinator.Flavor;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of a real KDC, and a coordinator that says what the test wants. */
class KerberosTicketsTest {
  private static final PrestoSession SESSION = PrestoSession.of("alice");

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final ClientOfFake fake = new ClientOfFake();
  private final FakeCoordinator presto = fake.coordinator();
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final Later clock = new Later();
  private TestKdc kdc;
  private KerberosTickets tickets;
  private PrestoClient client;

  /** The system's, and more. */
  private static final class Later extends Clock {
    private volatile Duration more = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(more);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void start() throws Exception {
    kdc = TestKdc.start(folder, Duration.ofHours(1));
    Path keytab = kdc.add("gateway");
    kdc.add("HTTP/localhost");
    tickets = tickets(keytab, kdc.config(), Duration.ofSeconds(5));
    client = client(tickets);
  }

  private KerberosTickets tickets(Path keytab, Path config, Duration patience) {
    return new KerberosTickets(
        vertx,
        new KerberosTickets.Settings(
            "gateway@EXAMPLE.COM",
            keytab.toString(),
            "",
            config.toString(),
            "HTTP",
            "${SERVICE}@${HOST}",
            false,
            patience),
        clock);
  }

  private PrestoClient client(KerberosTickets tickets) {
    URI url = URI.create("http://localhost:" + presto.url().getPort());
    Credentials credentials = new Credentials("", "", "", Optional.of(tickets), Map.of());
    return fake.client(url, Flavor.PRESTO, credentials);
  }

  @AfterEach
  void stop() throws Exception {
    await(client.close());
    fake.close();
    await(vertx.close());
    kdc.close();
  }

  private void answer(int status) {
    presto.then(
        request -> {
          sent.add(authorization(request));
          FakeCoordinator.reply(
              request, status, status == 200 ? presto.page(true, "") : authorization(request));
        });
  }

  private static String authorization(HttpServerRequest request) {
    return String.valueOf(request.getHeader("Authorization"));
  }

  @Test
  void shouldSendATokenOfItsOwnWithEachRequest() {
    for (int i = 0; i < 5; i++) {
      answer(200);
      await(client.start("select", SESSION));
    }

    assertThat(sent)
        .hasSize(5)
        .doesNotHaveDuplicates()
        .allMatch(s -> s.startsWith("Negotiate YI") && s.contains(TestKdc.IN_TOKENS));
    assertThat(tickets.headerSize()).isEqualTo(sent.get(4).length());
  }

  @Test
  void shouldSendAUsersOwnPasswordInstead() {
    answer(200);

    await(client.start("select", SESSION.withPassword(new Password("s3cret"))));

    assertThat(sent).singleElement().asString().startsWith("Basic ");
  }

  @Test
  void shouldLogInAnewAfterARefusal() {
    answer(200);
    await(client.start("select", SESSION));
    clock.more = Duration.ofMinutes(1);
    answer(401);
    answer(200);

    await(client.start("select", SESSION));

    assertThat(sent).hasSize(3);
  }

  @Test
  void shouldFailIfANewLoginIsRefused() {
    answer(401);

    assertFails("28000", "Presto refused the user's credentials: Negotiate …", this::ask);
    assertThat(sent).hasSize(1);
  }

  private void ask() {
    await(client.start("select", SESSION));
  }

  @Test
  void shouldHoldATicketWhileTheKdcIsAway() throws Exception {
    answer(200);
    ask();
    Map<String, String> ticket = await(tickets.serviceTicket("localhost"));
    kdc.stop();
    clock.more = Duration.ofMinutes(40);

    for (int i = 0; i < 3; i++) {
      answer(200);
      ask();
    }

    assertThat(sent).hasSize(4);
    assertThat(await(tickets.serviceTicket("localhost"))).isEqualTo(ticket);
    clock.more = Duration.ofMinutes(61);
    assertFails("08001", "cannot log in to Kerberos as gateway@EXAMPLE.COM", this::ask);
    assertThat(sent).hasSize(4);
  }

  @Test
  void shouldNotWaitForAKdcForEver() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Path config = folder.resolve("silent.krb5.conf");
      Files.writeString(
          config,
          Files.readString(kdc.config())
              .replaceFirst("kdc = 127.*", "kdc = 127.0.0.1:" + silent.getLocalPort()));
      Path keytab = folder.resolve("gateway.keytab");
      PrestoClient waiting = client(tickets(keytab, config, Duration.ofMillis(500)));

      assertFails(
          "08001",
          "the KDC did not answer within 500 ms",
          () -> await(waiting.start("select", SESSION)));
      await(waiting.close());
    }
    assertThat(sent).isEmpty();
  }

  @Test
  void shouldRenewAtHalfItsLife() throws Exception {
    Map<String, String> ticket = await(tickets.serviceTicket("localhost"));
    clock.more = Duration.ofMinutes(29);
    assertThat(await(tickets.serviceTicket("localhost"))).isEqualTo(ticket);
    clock.more = Duration.ofMinutes(31);
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();

    Map<String, String> renewed = ticket;
    while (renewed.equals(ticket) && System.nanoTime() < end) {
      renewed = await(tickets.serviceTicket("localhost"));
      Thread.sleep(20);
    }

    assertThat(renewed).isNotEqualTo(ticket);
    assertThat(renewed.get("kerberos.server")).isEqualTo("HTTP/localhost@EXAMPLE.COM");
  }
}
