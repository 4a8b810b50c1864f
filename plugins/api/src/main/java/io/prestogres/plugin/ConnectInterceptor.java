package io.prestogres.plugin;

import java.util.concurrent.CompletionStage;

/** Is asked when a client has said who it is, before PostgreSQL hears of it. */
@FunctionalInterface
public interface ConnectInterceptor {

  /**
   * Decides whether the client may go on, and with which parameters. What is refused never reaches
   * PostgreSQL.
   *
   * @param session the client, which is not authenticated yet
   * @return completes with the decision, within the plugin's time limit
   */
  CompletionStage<ConnectDecision> onConnect(ClientSession session);
}
