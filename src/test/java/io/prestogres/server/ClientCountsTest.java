package io.prestogres.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.LimitsConfig;
import io.prestogres.config.ScanLimits;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.prestogres.protocol.StartupReader;
import io.prestogres.protocol.WireWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientCountsTest {
  private final ClientCounts counts =
      new ClientCounts(
          new LimitsConfig(
              4,
              2,
              3,
              LimitsConfig.DEFAULT.startupTimeout(),
              LimitsConfig.DEFAULT.connectTimeout(),
              LimitsConfig.DEFAULT.idleTimeout(),
              LimitsConfig.DEFAULT.shutdownTimeout(),
              LimitsConfig.DEFAULT.maxStatementBytes(),
              ScanLimits.DEFAULT));

  private Runnable enter(String user, String database) {
    return counts.enter(
        (StartupMessage)
            new StartupReader()
                .feed(
                    new WireWriter()
                        .startUntyped()
                        .writeInt(3 << 16)
                        .writeCString("user")
                        .writeCString(user)
                        .writeCString("database")
                        .writeCString(database)
                        .writeByte((byte) 0)
                        .finish()
                        .toBuffer())
                .orElseThrow());
  }

  private void assertRefused(String user, String database, String message) {
    assertThatThrownBy(() -> enter(user, database))
        .isInstanceOfSatisfying(
            PgException.class,
            e -> {
              assertThat(e.fields().sqlState()).isEqualTo("53300");
              assertThat(e.fields().message()).isEqualTo(message);
            });
  }

  @Test
  void shouldBoundTheClientsOfARole() {
    enter("ann", "a");
    Runnable leave = enter("ann", "b");

    assertRefused("ann", "c", "too many connections for role \"ann\"");
    enter("bob", "c");
    leave.run();
    enter("ann", "c");
  }

  @Test
  void shouldBoundTheClientsOfADatabase() {
    List<Runnable> left = new ArrayList<>();
    for (String user : List.of("ann", "bob", "eve")) {
      left.add(enter(user, "a"));
    }

    assertRefused("dan", "a", "too many connections for database \"a\"");
    left.get(0).run();
    enter("dan", "a");
  }

  @Test
  void shouldBoundAllClients() {
    for (String user : List.of("ann", "bob", "eve", "dan")) {
      enter(user, user);
    }

    assertRefused("joe", "joe", "sorry, too many clients already (max-clients)");
  }

  @Test
  void shouldCountNobodyWhoWasRefused() {
    enter("ann", "a");
    Runnable leave = enter("ann", "a");
    for (int i = 0; i < 10; i++) {
      assertRefused("ann", "a", "too many connections for role \"ann\"");
    }
    leave.run();

    enter("ann", "a");
    enter("bob", "a");
    enter("eve", "b");
  }

  @Test
  void shouldLetNobodyInAfterItsClose() {
    counts.close();

    assertThatThrownBy(() -> enter("ann", "a"))
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.fields().sqlState()).isEqualTo("57P03"));
  }
}
