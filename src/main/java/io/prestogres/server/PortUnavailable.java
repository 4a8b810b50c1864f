package io.prestogres.server;

/** A port of the configuration cannot be listened on: taken, forbidden, or of a foreign host. */
final class PortUnavailable extends StartFailure {

  private static final long serialVersionUID = 1;

  /**
   * Names the port and where it stands in the file.
   *
   * @param owner the name of the instance, or {@code settings}
   * @param key the port's key inside that, as {@code listen.port}
   */
  PortUnavailable(String owner, String key, int port, Throwable cause) {
    super(
        "%s: cannot listen on port %d (%s): %s".formatted(owner, port, key, reason(cause)), cause);
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
