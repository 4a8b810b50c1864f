package io.prestogres.session;

import io.prestogres.intercept.InterceptorChain;
import io.prestogres.plugin.Query;
import io.prestogres.plugin.Response;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.SqlState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Follows the client's statements from request to reply, and tells the plugins how each of them
 * ended. What has no text to be told, a Parse, is followed too, because it decides which text an
 * Execute runs.
 *
 * <p>Belongs to the session's context.
 */
final class ResponseWatch {
  private static final ErrorFields LOST =
      ErrorFields.error(SqlState.CONNECTION_FAILURE, "the session has ended");

  /** A Parse, a Query or an Execute that PostgreSQL has not answered yet. */
  private static final class Running {
    private final Arrival arrival;
    private final List<String> tags = new ArrayList<>();
    private long rows;
    private long bytes;

    private Running(Arrival arrival) {
      this.arrival = arrival;
    }
  }

  /**
   * A message of the client's.
   *
   * @param name of the statement that a Parse makes, or ""
   * @param nanos {@link System#nanoTime} when it was there
   */
  record Arrival(Query query, String name, long nanos) {}

  private final InterceptorChain chain;
  private final StatementTexts texts = new StatementTexts();
  private final Deque<Running> running = new ArrayDeque<>();
  private Arrival next = new Arrival(new Query("", Query.Protocol.SIMPLE), "", 0);
  private Optional<ErrorFields> failure = Optional.empty();

  ResponseWatch(InterceptorChain chain) {
    this.chain = chain;
  }

  StatementTexts texts() {
    return texts;
  }

  // What the client sends.

  /** The message that is sent next, or answered here, if it is one that is followed. */
  void next(Arrival arrival) {
    next = arrival;
  }

  private static boolean followed(Exchange exchange) {
    return !(exchange instanceof Exchange.Skip)
        && switch (exchange.request()) {
          case Frontend.PARSE, Frontend.QUERY, Frontend.EXECUTE -> true;
          default -> false;
        };
  }

  /** It is sent. */
  void sent(Exchange exchange) {
    if (followed(exchange)) {
      running.add(new Running(next));
      if (exchange.request() == Frontend.PARSE) {
        texts.parsing(next.name(), next.query().text());
      }
    }
  }

  /** It is sent, and PostgreSQL ignores it, because its batch has failed. */
  void ignored(Exchange exchange) {
    if (followed(exchange) && exchange.request() != Frontend.PARSE) {
      tell(new Running(next));
    }
  }

  /** It is not sent; the client has been told that it is done. */
  void answered(String tag) {
    Running statement = new Running(next);
    statement.tags.add(tag);
    tell(statement);
  }

  // What PostgreSQL replies to the first that is running.

  private boolean told(Optional<Exchange> head) {
    return head.filter(exchange -> followed(exchange) && exchange.request() != Frontend.PARSE)
            .isPresent()
        && !running.isEmpty();
  }

  /** The client gets a message of so many bytes in reply. */
  void message(Optional<Exchange> head, boolean row, int bytes) {
    if (told(head)) {
      running.element().bytes += bytes;
      running.element().rows += row ? 1 : 0;
    }
  }

  /** A command is complete. */
  void complete(Optional<Exchange> head, String tag) {
    if (told(head)) {
      running.element().tags.add(tag);
    }
  }

  /** The client gets this error; with it everything ends up to the next ReadyForQuery. */
  void failed(ErrorFields error) {
    failure = Optional.of(error);
  }

  /** The exchange has ended, well or not. */
  void ended(Exchange exchange) {
    if (!followed(exchange) || running.isEmpty()) {
      return;
    }
    Running first = running.remove();
    if (exchange.request() != Frontend.PARSE) {
      tell(first);
    } else if (failure.isPresent()) {
      texts.notParsed(first.arrival.name());
    } else {
      texts.parsed(first.arrival.name(), first.arrival.query().text());
    }
  }

  /** ReadyForQuery: an error before it concerns nothing that comes after. */
  void ready() {
    failure = Optional.empty();
  }

  /** The session is over; what runs has no other end. */
  void abandon(Iterable<Exchange> waiting) {
    failure = failure.or(() -> Optional.of(LOST));
    waiting.forEach(this::ended);
  }

  private void tell(Running statement) {
    Arrival arrival = statement.arrival;
    chain.responded(
        new Response(
            arrival.query(),
            statement.tags,
            failure.map(error -> new Response.Failure(error.sqlState(), error.message())),
            statement.rows,
            statement.bytes,
            System.nanoTime() - arrival.nanos()));
  }
}
