package io.prestogres.plugin;

import java.util.concurrent.CompletionStage;

/** Is asked about statements before the proxy looks at them. */
@FunctionalInterface
public interface QueryInterceptor {

  /**
   * Decides what becomes of a text: the whole of a simple query, which may hold several statements,
   * or the one statement that a client prepares.
   *
   * @return completes with the decision, within the plugin's time limit
   */
  CompletionStage<QueryDecision> onQuery(ClientSession session, Query query);
}
