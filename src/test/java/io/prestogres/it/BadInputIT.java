package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever a client sends costs its own connection at the most. */
@ExtendWith(StackExtension.class)
class BadInputIT {
  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;

  private final Stack stack;
  private RawClient bystander;

  BadInputIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void openAnotherSession() throws IOException {
    bystander = RawClient.session(stack.proxyPort(), "presto", "tpch");
  }

  @AfterEach
  void checkThatNobodyElseWasHarmed() throws Exception {
    bystander.assertUsable();
    bystander.send(Frontend.query("select count(*) from sf1.region"));
    List<RawClient.Frame> frames = bystander.readTo('Z');
    bystander.close();
    assertThat(frames).extracting(RawClient.Frame::type).containsExactly('T', 'D', 'C', 'Z');
    try (Connection fresh = stack.connect("presto", "tpch")) {
      assertThat(Stack.rows(fresh, "select count(*) from sf1.region")).containsExactly("5");
    }
  }

  private RawClient proxy() throws IOException {
    return new RawClient(stack.proxyPort());
  }

  private RawClient session() throws IOException {
    return RawClient.session(stack.proxyPort(), "presto", "tpch");
  }

  private static void assertRefused(RawClient client, String sqlState) throws IOException {
    ErrorFields error = client.readError();
    assertThat(error.sqlState()).as(error.toString()).isEqualTo(sqlState);
    assertThat(error.isFatal()).isTrue();
    client.assertEnd();
  }

  /** As PostgreSQL does: it may be anything, a Terminate among it. */
  @Test
  void shouldLetGoWithoutAWordWhatCannotBeAStartup() throws IOException {
    List<Buffer> impossible = new ArrayList<>();
    for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 3, 7, 10_005, Integer.MAX_VALUE}) {
      impossible.add(Buffer.buffer().appendInt(length));
    }
    impossible.add(Buffer.buffer("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    impossible.add(Frontend.terminate());
    for (Buffer bytes : impossible) {
      try (RawClient client = proxy()) {
        client.send(bytes).assertEnd();
      }
      try (RawClient endpoint = new RawClient(stack.resultsPort())) {
        endpoint.send(bytes);
        assertRefused(endpoint, "08P01");
      }
    }
  }

  @Test
  void shouldRefuseGarbageInPlaceOfAStartup() throws IOException {
    for (int port : new int[] {stack.proxyPort(), stack.resultsPort()}) {
      for (Buffer garbage :
          List.of(
              Buffer.buffer(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}),
              RawClient.startup("user", "me").appendByte((byte) 0).setInt(0, 18))) {
        try (RawClient client = new RawClient(port)) {
          client.send(garbage);
          assertRefused(client, "08P01");
        }
      }
      try (RawClient client = new RawClient(port)) {
        client.send(RawClient.startup("database", "tpch"));
        assertRefused(client, "28000");
      }
      try (RawClient client = new RawClient(port)) {
        client.send(
            new WireWriter()
                .startUntyped()
                .writeInt(3 << 16)
                .writeCString("user")
                .writeBytes(new byte[] {(byte) 0xe9, 0, 0})
                .finish()
                .toBuffer());
        assertRefused(client, "22021");
      }
    }
  }

  @Test
  void shouldRefuseProtocol2InItsOwnWords() throws IOException {
    try (RawClient client = proxy()) {
      client.send(RawClient.packet(2 << 16));
      assertThat(client.readAll().toString())
          .startsWith("E")
          .contains("unsupported frontend protocol 2.0");
    }
  }

  @Test
  void shouldRefuseBytesThatCameBeforeTheAnswerToAnSslRequest() throws IOException {
    for (int port : new int[] {stack.proxyPort(), stack.resultsPort()}) {
      try (RawClient client = new RawClient(port)) {
        client.send(
            RawClient.packet(SSL_REQUEST).appendBuffer(RawClient.startup("user", "presto")));
        assertRefused(client, "08P01");
      }
    }
  }

  @Test
  void shouldDeclineEncryptionTwiceAndNotAThirdTime() throws IOException {
    try (RawClient client = proxy()) {
      client.send(RawClient.packet(GSS_REQUEST));
      assertThat(client.readByte()).isEqualTo((byte) 'N');
      client.send(RawClient.packet(SSL_REQUEST));
      assertThat(client.readByte()).isEqualTo((byte) 'N');
      client.send(RawClient.packet(SSL_REQUEST));
      assertRefused(client, "0A000");
    }
  }

  @Test
  void shouldTakeAStartupThatComesByteByByte() throws IOException {
    try (RawClient client = proxy()) {
      Buffer startup = RawClient.startup("user", "presto", "database", "tpch");
      for (int i = 0; i < startup.length(); i++) {
        client.send(startup.getBuffer(i, i + 1));
      }
      client.readTo('Z');
      Buffer query = Frontend.query("select count(*) from sf1.region");
      for (int i = 0; i < query.length(); i++) {
        client.send(query.getBuffer(i, i + 1));
      }
      assertThat(client.readTo('Z'))
          .extracting(RawClient.Frame::type)
          .containsExactly('T', 'D', 'C', 'Z');
    }
  }

  @Test
  void shouldRefuseImpossibleLengthsAtTheResultsEndpointBeforeAuthentication() throws IOException {
    for (int length :
        new int[] {Integer.MIN_VALUE, -1, 0, 3, 65_536, 32 << 20, Integer.MAX_VALUE}) {
      try (RawClient client = new RawClient(stack.resultsPort())) {
        client.send(RawClient.startup("user", "presto", "database", "tpch"));
        client.readTo('R');
        client.send(RawClient.header('p', length));
        assertRefused(client, "08P01");
      }
    }
    try (RawClient client = new RawClient(stack.resultsPort())) {
      client.send(RawClient.startup("user", "presto", "database", "tpch"));
      client.readTo('R');
      client.send(Frontend.query("SET datestyle = ISO"));
      assertRefused(client, "08P01");
    }
  }

  @Test
  void shouldRefuseWhatIsNoPasswordBeforeAuthentication() throws Exception {
    for (Buffer message :
        List.of(
            RawClient.header('p', -1),
            RawClient.header('p', 70_000),
            RawClient.header('p', Integer.MAX_VALUE))) {
      try (RawClient client = proxy()) {
        client.send(RawClient.startup("user", "presto", "database", "tpch").appendBuffer(message));
        assertThat(client.readError().sqlState()).isEqualTo("08P01");
      }
    }
  }

  @Test
  void shouldRefuseImpossibleLengthsInASession() throws IOException {
    for (char type : new char[] {'Q', 'P', 'd', 0}) {
      for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 3, 1 << 30, Integer.MAX_VALUE}) {
        try (RawClient client = session()) {
          client.send(RawClient.header(type, length));
          assertRefused(client, "08P01");
        }
      }
    }
  }

  @Test
  void shouldLeaveAMessageOfUnknownTypeToPostgresql() throws IOException {
    try (RawClient client = session()) {
      client.send(RawClient.message('!'));
      assertRefused(client, "08P01");
    }
  }

  @Test
  void shouldLeaveABrokenQueryToPostgresqlAndGoOn() throws IOException {
    try (RawClient client = session()) {
      for (Buffer query :
          List.of(
              RawClient.message('Q', "select 1".getBytes(StandardCharsets.UTF_8)),
              RawClient.message('Q', "select 1\0x".getBytes(StandardCharsets.UTF_8)),
              RawClient.message('Q'))) {
        client.send(query);
        List<RawClient.Frame> frames = client.readTo('Z');
        assertThat(frames).extracting(RawClient.Frame::type).containsExactly('E', 'Z');
        assertThat(frames.get(0).error().sqlState()).isEqualTo("08P01");
        client.assertUsable();
      }
      client.send(
          RawClient.message(
              'Q', "select 'é' from sf1.region\0".getBytes(StandardCharsets.ISO_8859_1)));
      assertThat(client.readError().sqlState()).isEqualTo("22021");
      client.readTo('Z');
      client.assertUsable();
      client.send(Frontend.query("select count(*) from sf1.region"));
      assertThat(client.readTo('Z'))
          .extracting(RawClient.Frame::type)
          .containsExactly('T', 'D', 'C', 'Z');
    }
  }

  @Test
  void shouldPassOnErrorsInTheClientsOwnEncoding() throws IOException {
    try (RawClient client = session()) {
      client.send(Frontend.query("set client_encoding to latin1"));
      client.readTo('Z');
      client.send(
          RawClient.message('Q', "select * from \"né\"\0".getBytes(StandardCharsets.ISO_8859_1)));
      List<RawClient.Frame> frames = client.readTo('Z');
      assertThat(frames).extracting(RawClient.Frame::type).containsExactly('E', 'Z');
      assertThat(ErrorFields.readHead(frames.get(0).bytes()).sqlState()).isEqualTo("42P01");
      assertThat(new String(frames.get(0).bytes().getBytes(), StandardCharsets.ISO_8859_1))
          .contains("\"né\"");
      client.assertUsable();
    }
  }

  @Test
  void shouldEndWithAHalfClosedSocket() throws IOException {
    try (RawClient silent = proxy();
        RawClient greeting = proxy();
        RawClient idle = session();
        RawClient busy = session();
        RawClient endpoint = new RawClient(stack.resultsPort())) {
      silent.halfClose();
      greeting.send(RawClient.startup("user", "presto").getBuffer(0, 9)).halfClose();
      idle.halfClose();
      busy.send(Frontend.query("select pg_sleep(60) /* half-closed */")).halfClose();
      endpoint.halfClose();
      for (RawClient client : List.of(silent, greeting, idle, busy, endpoint)) {
        while (client.read().isPresent()) {
          // Whatever was said before the end.
        }
      }
    }
    Eventually.holds(() -> stack.backends("%half-closed%") == 0);
  }

  @Test
  void shouldRefuseAWrongPasswordAtTheResultsEndpoint() throws IOException {
    for (String user : new String[] {"presto", "prestogres_owner", "nobody"}) {
      try (RawClient client = new RawClient(stack.resultsPort())) {
        client.send(RawClient.startup("user", user, "database", "tpch"));
        client.readTo('R');
        client.send(RawClient.message('p', "guess\0".getBytes(StandardCharsets.UTF_8)));
        assertRefused(client, "28P01");
      }
    }
    try (RawClient client = new RawClient(stack.resultsPort())) {
      client.send(RawClient.startup("user", "presto", "database", "no such database"));
      client.readTo('R');
      client.send(RawClient.message('p', (byte) 0));
      assertRefused(client, "28P01");
    }
  }

  @Test
  void shouldRefuseAtTheResultsEndpointWhatPostgresFdwNeverSends() throws Exception {
    try (RawClient client = endpointSession()) {
      for (String sql :
          new String[] {"select 1", "drop table t", "FETCH ALL FROM c1", "", "MOVE ALL IN c1"}) {
        client.send(Frontend.query(sql));
        List<RawClient.Frame> frames = client.readTo('Z');
        assertThat(frames).as(sql).extracting(RawClient.Frame::type).containsExactly('E', 'Z');
        assertThat(frames.get(0).error().sqlState()).isEqualTo("0A000");
        assertThat(frames.get(0).error().isFatal()).isFalse();
      }
      client.send(Frontend.query("START TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
      client.readTo('Z');
      client.send(Frontend.query("DECLARE c1 CURSOR FOR\nINSERT INTO sf1.region VALUES (1)"));
      assertThat(client.readTo('Z').get(0).error().sqlState()).isEqualTo("0A000");
      client.send(Frontend.query("FETCH 1 FROM c1"));
      client.readTo('Z');
      client.send(Frontend.query("ABORT TRANSACTION"));
      assertThat(client.readTo('Z')).extracting(RawClient.Frame::type).containsExactly('C', 'Z');
      client.send(RawClient.message('!'));
      assertThat(client.readError().sqlState()).isEqualTo("08P01");
    }
    try (RawClient client = endpointSession()) {
      client.send(RawClient.header('Q', Integer.MAX_VALUE));
      assertRefused(client, "08P01");
    }
  }

  private RawClient endpointSession() throws Exception {
    String password;
    try (Connection direct = stack.direct("postgres", "tpch")) {
      password =
          Stack.rows(
                  direct,
                  "select split_part(option, '=', 2) from pg_user_mappings,"
                      + " unnest(umoptions) as option where srvname = 'prestogres_scan'"
                      + " and usename = 'presto' and option like 'password=%'")
              .get(0);
    }
    RawClient client = new RawClient(stack.resultsPort());
    client.send(RawClient.startup("user", "presto", "database", "tpch"));
    client.readTo('R');
    client.send(new WireWriter().start('p').writeCString(password).finish().toBuffer());
    client.readTo('Z');
    return client;
  }
}
