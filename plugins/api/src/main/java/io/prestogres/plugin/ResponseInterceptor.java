package io.prestogres.plugin;

/** Is told how statements ended. */
@FunctionalInterface
public interface ResponseInterceptor {

  /**
   * Takes note of a response that the client has already been sent. May block; but the session's
   * next statement is not shown to query interceptors before this has returned, or was too late. A
   * failure is logged and counted, and changes nothing for the client.
   */
  void onResponse(ClientSession session, Response response);
}
