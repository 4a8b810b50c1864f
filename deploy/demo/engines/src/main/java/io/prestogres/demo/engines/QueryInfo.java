package io.prestogres.demo.engines;

/**
 * A query as Presto lists it.
 *
 * @param id Presto's query id
 * @param state QUEUED, RUNNING, FINISHED, FAILED and so on
 * @param query the text as Presto received it
 * @param user the user in whose name it runs
 * @param source the program that sent it, or ""
 * @param errorName USER_CANCELED and so on, or "" if it has not failed
 */
public record QueryInfo(
    String id, String state, String query, String user, String source, String errorName) {

  /** Whether Presto has ended with it, well or not. */
  public boolean ended() {
    return state.equals("FINISHED") || state.equals("FAILED");
  }
}
