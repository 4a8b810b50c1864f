package io.prestogres.session;

import io.prestogres.intercept.InterceptorChain;
import io.prestogres.intercept.Interceptors;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.FrameHandler;
import java.util.Optional;

/**
 * Where plugins come into a session, if there are any. A walsender connection has no statements
 * that could be followed. Belongs to the session's context.
 */
final class Hooks {
  private final Interceptors interceptors;
  private final Optional<InterceptorChain> chain;
  private final Optional<ResponseWatch> watch;
  private final long maxStatement;

  Hooks(SessionServices services, Newcomer newcomer) {
    this.interceptors = services.interceptors();
    this.chain = newcomer.chain().filter(asked -> !newcomer.startup().replication());
    this.watch = chain.filter(asked -> interceptors.seeResponses()).map(ResponseWatch::new);
    this.maxStatement = services.config().limits().maxStatementBytes();
  }

  /** What follows the statements from request to reply. */
  Optional<ResponseWatch> watch() {
    return watch;
  }

  /** The requests with the plugins before them. */
  FrameHandler before(Requests requests, Relay relay, Gate gate, SessionParameters parameters) {
    if (chain.isEmpty() || !(interceptors.seeQueries() || interceptors.seeResponses())) {
      return requests;
    }
    return new Interception(
        requests,
        relay,
        gate,
        parameters,
        new Interception.Terms(chain.get(), interceptors.seeQueries(), watch, maxStatement));
  }

  /** The replies, counted if anybody wants to know. */
  FrameHandler around(Replies replies, ExchangeQueue queue) {
    return watch.isPresent() ? new WatchedReplies(replies, queue, watch.get()) : replies;
  }

  /** The client gets this error. */
  void heard(ErrorFields error) {
    watch.ifPresent(watching -> watching.failed(error));
  }
}
