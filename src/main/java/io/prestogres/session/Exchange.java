package io.prestogres.session;

import io.prestogres.metrics.Route;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import java.util.List;

/** One message sent to PostgreSQL that will be answered, and what becomes of the answer. */
sealed interface Exchange {
  /** The message's type byte. */
  byte request();

  /**
   * The client's own; its reply is forwarded.
   *
   * @param startedNanos {@link System#nanoTime} when it was sent; 0 for what is no statement
   * @param columns those of the client's own query, where another stands in its place
   */
  record Forward(byte request, Route route, long startedNanos, List<Backend.Field> columns)
      implements Exchange {
    Forward(byte request, Route route, long startedNanos) {
      this(request, route, startedNanos, List.of());
    }
  }

  /**
   * The client's own, in whose place a query writes to Presto; its reply becomes that of a
   * statement without rows.
   *
   * @param startedNanos {@link System#nanoTime} when it was sent; 0 for a Describe
   */
  record Write(byte request, Plan.Write plan, long startedNanos) implements Exchange {}

  /**
   * One that the proxy injected; its reply is read and dropped.
   *
   * @param last whether the injection ends with it
   */
  record Skip(byte request, InjectedReply reply, boolean last) implements Exchange {}

  /** One that fails in PostgreSQL so that its state is right; the client gets this error. */
  record Refuse(byte request, ErrorFields error) implements Exchange {}
}
