package io.prestogres.session;

import static io.prestogres.protocol.Frontend.BIND;
import static io.prestogres.protocol.Frontend.CLOSE;
import static io.prestogres.protocol.Frontend.COPY_DONE;
import static io.prestogres.protocol.Frontend.COPY_FAIL;
import static io.prestogres.protocol.Frontend.DESCRIBE;
import static io.prestogres.protocol.Frontend.EXECUTE;
import static io.prestogres.protocol.Frontend.FLUSH;
import static io.prestogres.protocol.Frontend.FUNCTION_CALL;
import static io.prestogres.protocol.Frontend.PARSE;
import static io.prestogres.protocol.Frontend.QUERY;
import static io.prestogres.protocol.Frontend.SYNC;

import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.metrics.Route;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What was sent to PostgreSQL and is not answered yet, in order, and what follows from it: whose
 * reply comes next, whether anything is under way, and in which state a transaction is (manual,
 * "Message Flow").
 *
 * <p>Sees type bytes only, and the few replies that change a state. Belongs to the session's
 * context.
 */
final class ExchangeQueue {
  private static final Exchange PARSE_SENT = new Exchange.Forward(PARSE, Route.POSTGRES, 0);
  private static final Exchange BIND_SENT = new Exchange.Forward(BIND, Route.POSTGRES, 0);
  private static final Exchange DESCRIBE_SENT = new Exchange.Forward(DESCRIBE, Route.POSTGRES, 0);
  private static final Exchange CLOSE_SENT = new Exchange.Forward(CLOSE, Route.POSTGRES, 0);
  private static final Exchange SYNC_SENT = new Exchange.Forward(SYNC, Route.POSTGRES, 0);

  /** Where a transaction block stands, as far as the replies tell. */
  private enum Transaction {
    NONE,
    OPEN,
    FAILED,
    /** In a batch that has ended one, or has run statements outside of one. */
    UNCERTAIN
  }

  private final InstanceMetrics metrics;
  private final Optional<ResponseWatch> watch;
  private final Deque<Exchange> waiting = new ArrayDeque<>();
  private Transaction transaction = Transaction.NONE;
  private byte status = Backend.IDLE;
  private boolean batchOpen;
  private boolean portalOpen;
  private boolean batchRan;
  private boolean ignoring;
  private boolean copyingIn;
  private long statements;

  /** An empty one that nobody follows. */
  ExchangeQueue(InstanceMetrics metrics) {
    this(metrics, Optional.empty());
  }

  /**
   * An empty one.
   *
   * @param watch hears of every exchange that begins and ends
   */
  ExchangeQueue(InstanceMetrics metrics, Optional<ResponseWatch> watch) {
    this.metrics = metrics;
    this.watch = watch;
  }

  // What is sent.

  /** A message of the client's goes to PostgreSQL. */
  void sent(byte request, Route route) {
    switch (request) {
      case QUERY, FUNCTION_CALL -> {
        statements++;
        add(new Exchange.Forward(request, route, System.nanoTime()));
      }
      case EXECUTE -> {
        statements++;
        portalOpen = true;
        batchRan = true;
        step(new Exchange.Forward(request, route, System.nanoTime()));
      }
      case PARSE -> step(PARSE_SENT);
      case BIND -> {
        portalOpen = true;
        step(BIND_SENT);
      }
      case DESCRIBE -> step(DESCRIBE_SENT);
      case CLOSE -> step(CLOSE_SENT);
      case FLUSH -> batchOpen = true;
      case SYNC -> sync(SYNC_SENT);
      case COPY_DONE, COPY_FAIL -> copyingIn = false;
      default -> {}
    }
  }

  /** A Query goes to PostgreSQL in place of the client's, which has these columns. */
  void query(Route route, List<Backend.Field> columns) {
    statements++;
    add(new Exchange.Forward(QUERY, route, System.nanoTime(), columns));
  }

  /** A query that writes to Presto is sent, described or executed in place of the client's own. */
  void writes(byte request, Plan.Write plan) {
    if (request == DESCRIBE) {
      step(new Exchange.Write(request, plan, 0));
      return;
    }
    statements++;
    Exchange.Write write = new Exchange.Write(request, plan, System.nanoTime());
    if (request == QUERY) {
      add(write);
    } else {
      portalOpen = true;
      step(write);
    }
  }

  /** A Describe of something that stands in place of the client's, which has these columns. */
  void described(List<Backend.Field> columns) {
    step(new Exchange.Forward(DESCRIBE, Route.POSTGRES, 0, columns));
  }

  /** A message that fails goes to PostgreSQL in place of the client's; the error is ours. */
  void refused(byte request, ErrorFields error) {
    Exchange.Refuse refuse = new Exchange.Refuse(request, error);
    if (request == QUERY) {
      add(refuse);
    } else {
      step(refuse);
    }
  }

  /** An injection goes to PostgreSQL. */
  void injected(Injection injection, InjectedReply reply) {
    byte[] requests = injection.requests();
    for (int i = 0; i < requests.length; i++) {
      add(new Exchange.Skip(requests[i], reply, i == requests.length - 1));
    }
  }

  private void step(Exchange exchange) {
    batchOpen = true;
    add(exchange);
  }

  /**
   * PostgreSQL ignores everything after an error in a batch until Sync, and takes the first message
   * that is not one of a copy for the failure of it.
   */
  private void add(Exchange exchange) {
    boolean unanswered = ignoring || copyingIn;
    copyingIn = false;
    if (!unanswered) {
      waiting.add(exchange);
    }
    watch.ifPresent(watching -> tell(watching, exchange, unanswered));
  }

  private static void tell(ResponseWatch watching, Exchange exchange, boolean unanswered) {
    if (unanswered) {
      watching.ignored(exchange);
    } else {
      watching.sent(exchange);
    }
  }

  /** The proxy answers a Query itself: done, with this command tag. */
  void answeredHere(String tag) {
    metrics.statement(Route.PRESTO_ONLY, 0);
    watch.ifPresent(watching -> watching.answered(tag));
  }

  /** The proxy tells the client why its batch has failed. */
  void failedHere(ErrorFields error) {
    metrics.error(error.sqlState());
    metrics.statement(Route.REFUSED, 0);
    watch.ifPresent(watching -> watching.failed(error));
  }

  private void sync(Exchange exchange) {
    // PostgreSQL ignores a Sync until it has all of the data to be copied.
    if (!copyingIn) {
      batchOpen = false;
      portalOpen = false;
      batchRan = false;
      ignoring = false;
      waiting.add(exchange);
    }
  }

  // What comes back.

  /** The message that PostgreSQL answers now. */
  Optional<Exchange> head() {
    return Optional.ofNullable(waiting.peek());
  }

  /** Whether the reply that comes now is to an injection. */
  boolean headIsInjected() {
    return waiting.peek() instanceof Exchange.Skip;
  }

  /** Whether an Execute is answered now, so that a CommandComplete tells of the transaction. */
  boolean executing() {
    Exchange head = waiting.peek();
    return head != null && head.request() == EXECUTE;
  }

  /** The columns of the client's own query, if the answer that comes now is to another. */
  List<Backend.Field> columns() {
    return waiting.peek() instanceof Exchange.Forward forward ? forward.columns() : List.of();
  }

  /** The write that is answered now, if it is one. */
  Optional<Exchange.Write> writing() {
    return waiting.peek() instanceof Exchange.Write write ? Optional.of(write) : Optional.empty();
  }

  /** Takes note of a reply that neither ReadyForQuery nor an error is. */
  void answered(byte reply) {
    Exchange head = waiting.peek();
    if (head != null && head.request() == requestOf(reply)) {
      waiting.poll();
      done(head);
    } else if (reply == Backend.COPY_IN_RESPONSE) {
      copyingIn = true;
      ignoreSyncBeforeCopy();
    }
  }

  /** Of a Query nothing but ReadyForQuery is the end. */
  private static byte requestOf(byte reply) {
    return switch (reply) {
      case Backend.PARSE_COMPLETE -> PARSE;
      case Backend.BIND_COMPLETE -> BIND;
      case Backend.CLOSE_COMPLETE -> CLOSE;
      case Backend.ROW_DESCRIPTION, Backend.NO_DATA -> DESCRIBE;
      case Backend.COMMAND_COMPLETE, Backend.EMPTY_QUERY_RESPONSE, Backend.PORTAL_SUSPENDED ->
          EXECUTE;
      default -> 0;
    };
  }

  private void ignoreSyncBeforeCopy() {
    Exchange execute = waiting.poll();
    if (execute == null) {
      return;
    }
    if (execute.request() == EXECUTE && waiting.peek() == SYNC_SENT) {
      waiting.poll();
      batchOpen = true;
    }
    waiting.addFirst(execute);
  }

  /** Takes note of the tag with which an Execute is complete. */
  void executed(String tag) {
    switch (tag) {
      case "BEGIN", "START TRANSACTION" -> transaction = Transaction.OPEN;
      // The end of a transaction, or the way back to a savepoint of one.
      case "COMMIT", "ROLLBACK", "PREPARE TRANSACTION" -> transaction = Transaction.UNCERTAIN;
      default -> {}
    }
    answered(Backend.COMMAND_COMPLETE);
  }

  /** Takes note of an error: of what was sent after it in its batch nothing will be answered. */
  void failed() {
    copyingIn = false;
    Exchange head = waiting.peek();
    if (head == null || !isStep(head.request())) {
      return;
    }
    while (head != null && head.request() != SYNC) {
      waiting.poll();
      done(head);
      head = waiting.peek();
    }
    ignoring = head == null;
  }

  private static boolean isStep(byte request) {
    return request != QUERY && request != FUNCTION_CALL && request != SYNC;
  }

  /** Takes note of a ReadyForQuery. */
  void ready(byte transactionStatus) {
    status = transactionStatus;
    transaction =
        switch (transactionStatus) {
          case Backend.IN_TRANSACTION -> Transaction.OPEN;
          case Backend.FAILED_TRANSACTION -> Transaction.FAILED;
          default -> Transaction.NONE;
        };
    Exchange exchange = waiting.poll();
    while (exchange != null && isStep(exchange.request())) {
      done(exchange);
      exchange = waiting.poll();
    }
    if (exchange != null) {
      done(exchange);
    }
  }

  private void done(Exchange exchange) {
    if (watch.isPresent()) {
      watch.get().ended(exchange);
    }
    if (exchange instanceof Exchange.Skip skip) {
      if (skip.last()) {
        skip.reply().complete();
      }
    } else if (exchange instanceof Exchange.Forward forward && forward.startedNanos() != 0) {
      metrics.statement(forward.route(), System.nanoTime() - forward.startedNanos());
      if (forward.request() == EXECUTE && transaction == Transaction.NONE) {
        transaction = Transaction.UNCERTAIN;
      }
    } else if (exchange instanceof Exchange.Write write && write.startedNanos() != 0) {
      metrics.statement(Route.WRITE, System.nanoTime() - write.startedNanos());
    } else if (exchange instanceof Exchange.Refuse) {
      metrics.statement(Route.REFUSED, 0);
    }
  }

  // What follows from both.

  /** Whether everything is answered. */
  boolean idle() {
    return waiting.isEmpty();
  }

  /** Whether the client has begun a batch of the extended protocol and not sent its Sync. */
  boolean batchOpen() {
    return batchOpen;
  }

  /** Whether PostgreSQL waits for data to be copied, and takes no statement. */
  boolean copyingIn() {
    return copyingIn;
  }

  /** Whether PostgreSQL ignores what is sent, up to the client's Sync. */
  boolean ignoring() {
    return ignoring;
  }

  /** Whether a transaction block has failed, so that PostgreSQL takes nothing but its end. */
  boolean inFailedBlock() {
    return transaction == Transaction.FAILED;
  }

  /** Where an injection would come to stand, once everything is answered. */
  Upstream.Place place() {
    return switch (transaction) {
      case OPEN -> Upstream.Place.IN_BLOCK;
      case NONE -> portalOpen ? Upstream.Place.IN_BATCH : Upstream.Place.IDLE;
      case FAILED, UNCERTAIN -> Upstream.Place.IN_BATCH;
    };
  }

  /**
   * Whether a write that is sent now stands for itself: in no block, and behind nothing else in its
   * batch than other writes, which nothing undoes either.
   */
  boolean standsAlone() {
    return transaction == Transaction.NONE && !batchRan;
  }

  /** The status of the last ReadyForQuery. */
  byte status() {
    return status;
  }

  /**
   * How many statements of the client's have been sent; each may have changed what a name means.
   */
  long statements() {
    return statements;
  }

  /** The session is over: nothing will be answered. */
  void abandon(PgException reason) {
    watch.ifPresent(watching -> watching.abandon(waiting));
    for (Exchange exchange : waiting) {
      if (exchange instanceof Exchange.Skip skip) {
        skip.reply().fail(reason);
      }
    }
    waiting.clear();
  }
}
