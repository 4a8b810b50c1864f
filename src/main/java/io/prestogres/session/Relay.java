package io.prestogres.session;

import io.vertx.core.Context;
import io.vertx.core.Future;

/**
 * The two links of a session and what is under way between them. Belongs to the session's context.
 */
record Relay(Context context, Link client, Link server, ExchangeQueue queue) {

  /** Sends messages of our own, ahead of what the client sends next. */
  Future<InjectedReply> inject(Injection injection) {
    InjectedReply reply = new InjectedReply();
    queue.injected(injection, reply);
    server.write(injection.messages());
    return reply.future();
  }

  /** How PostgreSQL can be asked something now, with everything else answered. */
  Upstream upstream() {
    return new Upstream(this::inject, queue.place());
  }
}
