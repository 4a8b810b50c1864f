package io.prestogres.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.metrics.ProxyMetrics;
import io.prestogres.metrics.Route;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeQueueTest {
  private final ExchangeQueue queue = new ExchangeQueue(new ProxyMetrics().instance("test"));

  /** The type bytes of messages that the client sends. */
  private void send(String types) {
    types.chars().forEach(type -> queue.sent((byte) type, Route.POSTGRES));
  }

  /** The type bytes of replies, with ReadyForQuery as the status it carries. */
  private void reply(String types) {
    types
        .chars()
        .forEach(
            type -> {
              switch (type) {
                case 'i' -> queue.ready(Backend.IDLE);
                case 't' -> queue.ready(Backend.IN_TRANSACTION);
                case 'e' -> queue.ready(Backend.FAILED_TRANSACTION);
                case 'E' -> queue.failed();
                default -> queue.answered((byte) type);
              }
            });
  }

  private Future<InjectedReply> inject(Injection injection) {
    InjectedReply reply = new InjectedReply();
    queue.injected(injection, reply);
    return reply.future();
  }

  @Test
  void shouldBeIdleAfterAllRepliesToABatch() {
    send("PDBES");

    reply("1T2C");

    assertThat(queue.idle()).isFalse();
    reply("i");
    assertThat(queue.idle()).isTrue();
    assertThat(queue.batchOpen()).isFalse();
  }

  @Test
  void shouldTakeOnlyReadyForQueryForTheEndOfAQuery() {
    send("Q");

    reply("TCCI");

    assertThat(queue.idle()).isFalse();
    reply("i");
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void shouldExpectNothingForWhatIsSentAfterAnErrorUntilSync() {
    send("PBE");
    reply("1E");

    assertThat(queue.ignoring()).isTrue();
    send("PBEQ");
    assertThat(queue.idle()).isTrue();
    send("S");
    assertThat(queue.ignoring()).isFalse();
    reply("i");
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void shouldKeepTheNextBatchWhenOneFails() {
    send("PBES" + "PBES");

    reply("1E" + "i");

    assertThat(queue.ignoring()).isFalse();
    assertThat(queue.idle()).isFalse();
    reply("12C" + "i");
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void shouldTakeAnErrorOfASyncForPartOfIt() {
    send("PBES");

    reply("12C" + "E");

    assertThat(queue.ignoring()).isFalse();
    assertThat(queue.idle()).isFalse();
    reply("i");
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void shouldForgetTheSyncThatPostgresqlIgnoresDuringACopy() {
    send("PBES");
    reply("12G");

    assertThat(queue.batchOpen()).isTrue();
    send("ddcS");
    reply("C");
    assertThat(queue.idle()).isFalse();
    reply("i");
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void shouldNotCountASyncThatIsSentDuringACopy() {
    send("Q");
    reply("G");

    send("ddSdc");

    reply("Ci");
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void shouldExpectNoAnswerToAStatementThatEndsACopy() {
    send("Q");
    reply("G");

    send("ddQ");

    assertThat(queue.copyingIn()).isFalse();
    reply("Ei");
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void shouldStandOutsideOfATransactionAtFirst() {
    assertThat(queue.place()).isEqualTo(Upstream.Place.IDLE);
    send("PD");
    reply("1T");
    assertThat(queue.place()).isEqualTo(Upstream.Place.IDLE);
  }

  @Test
  void shouldNotEndTheTransactionThatABatchHasBegun() {
    send("PBE");
    reply("12");
    queue.executed("INSERT 0 1");

    assertThat(queue.place()).isEqualTo(Upstream.Place.IN_BATCH);
    send("S");
    reply("i");
    assertThat(queue.place()).isEqualTo(Upstream.Place.IDLE);
  }

  @Test
  void shouldNotCloseThePortalsOfABatch() {
    send("PB");
    reply("12");

    assertThat(queue.place()).isEqualTo(Upstream.Place.IN_BATCH);
  }

  @Test
  void shouldSeeABlockBeginWithinABatch() {
    send("PBE");
    reply("12");
    queue.executed("BEGIN");

    assertThat(queue.place()).isEqualTo(Upstream.Place.IN_BLOCK);
  }

  @Test
  void shouldNotTrustABlockThatMayHaveEndedWithinABatch() {
    send("Q");
    reply("t");
    assertThat(queue.place()).isEqualTo(Upstream.Place.IN_BLOCK);
    send("PBE");
    reply("12");

    queue.executed("ROLLBACK");

    assertThat(queue.place()).isEqualTo(Upstream.Place.IN_BATCH);
  }

  @Test
  void shouldKnowAFailedBlock() {
    send("Q");
    reply("Ee");

    assertThat(queue.inFailedBlock()).isTrue();
  }

  @Test
  void shouldCompleteAnInjectionAtItsReadyForQuery() {
    Future<InjectedReply> reply = inject(new Injection().run("SELECT 1").sync());

    assertThat(queue.headIsInjected()).isTrue();
    reply("312C33");
    assertThat(reply.isComplete()).isFalse();
    reply("i");
    assertThat(reply.succeeded()).isTrue();
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void shouldCompleteAnInjectionWithinABatchAtItsLastReply() {
    send("PBE");
    reply("12C");
    Future<InjectedReply> reply = inject(new Injection().describe("SELECT 1", List.of()).flush());

    reply("31T");
    assertThat(reply.isComplete()).isFalse();
    reply("3");

    assertThat(reply.succeeded()).isTrue();
    assertThat(queue.ignoring()).isFalse();
  }

  @Test
  void shouldCompleteAnInjectionWithinABatchAtItsError() {
    send("PBE");
    reply("12C");
    Future<InjectedReply> reply = inject(new Injection().run("SELECT 1").flush());

    reply("3E");

    assertThat(reply.succeeded()).isTrue();
    assertThat(queue.ignoring()).isTrue();
  }

  @Test
  void shouldGiveAnInjectionUpWithTheSession() {
    Future<InjectedReply> reply = inject(new Injection().run("SELECT 1").sync());

    queue.abandon(PgException.fatal("08006", "gone"));

    assertThat(reply.failed()).isTrue();
  }

  @Test
  void shouldKeepARefusalAtTheHeadUntilItsError() {
    ErrorFields error = ErrorFields.error("0A000", "not here");
    queue.refused((byte) 'P', error);

    assertThat(queue.head()).contains(new Exchange.Refuse((byte) 'P', error));
    reply("E");
    assertThat(queue.ignoring()).isTrue();
  }

  @Test
  void shouldCountStatements() {
    send("PBES" + "Q");

    assertThat(queue.statements()).isEqualTo(2);
  }
}
