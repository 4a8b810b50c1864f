package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tags of DELETE and UPDATE that succeed. The Presto is a fake that says how many rows were
 * changed: the connectors with which the tests run Presto itself cannot change any. {@link
 * ChangedRowsIT} has a Trino that does, {@link WritingIT} what a real one refuses.
 */
class WritingTagsIT {
  @RegisterExtension static final MirrorStack stack = new MirrorStack();

  private int port;

  @BeforeEach
  void mirror() throws Exception {
    stack.presto().table("s", "t", "a bigint, b bigint");
    port = stack.proxy(MirrorStack.CALM);
    MirrorStack.connect(port, "alice").close();
  }

  private static String replies(RawClient client) throws IOException {
    return client.readTo('Z').stream()
        .filter(frame -> "SN".indexOf(frame.type()) < 0)
        .map(
            frame ->
                frame.type() == 'C'
                    ? Backend.readCommandComplete(frame.bytes())
                    : frame.type() == 'E' ? frame.error().toString() : String.valueOf(frame.type()))
        .collect(Collectors.joining(","));
  }

  private List<String> writes() {
    return stack.presto().queries().stream()
        .filter(sql -> sql.startsWith("DELETE ") || sql.startsWith("UPDATE "))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "delete from s.t where a > 1, 3, DELETE 3",
    "delete from s.t, 12345678901, DELETE 12345678901",
    "update s.t set a = b where b is not null, 2, UPDATE 2",
    "update s.t set a = b, 0, UPDATE 0",
    "delete from s.t, null, DELETE 0",
  })
  void shouldCountWhatPrestoHasChanged(String sql, String rows, String tag) throws Exception {
    stack.presto().changes(rows);
    try (RawClient client = RawClient.session(port, "alice", "web")) {
      client.send(Frontend.query(sql));
      assertThat(replies(client)).isEqualTo(tag + ",Z");
      assertThat(writes()).hasSize(1);

      Buffer prepared =
          Frontend.parse("w", sql, List.of())
              .appendBuffer(Frontend.describeStatement("w"))
              .appendBuffer(Frontend.bind("", "w"))
              .appendBuffer(Frontend.execute(""))
              .appendBuffer(Frontend.sync());
      client.send(prepared);
      assertThat(replies(client)).isEqualTo("1,t,n,2," + tag + ",Z");
      assertThat(writes()).hasSize(2);
    }
  }

  @Test
  void shouldSendTheConditionAndTheNewValues() throws SQLException {
    stack.presto().changes("1");
    try (var connection = MirrorStack.connect(port, "alice")) {
      Stack.run(
          connection,
          "delete from s.t x where x.a in (1, 2) and x.b is null",
          "update s.t set b = a + 1 where a = 5");
    }
    assertThat(writes()).hasSize(2);
    assertThat(writes().get(0)).startsWith("DELETE FROM \"web\".\"s\".\"t\" WHERE ");
    assertThat(writes().get(1)).startsWith("UPDATE \"web\".\"s\".\"t\" SET \"b\" = ");
  }
}
