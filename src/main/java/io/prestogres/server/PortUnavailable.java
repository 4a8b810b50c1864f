package io.prestogres.server;

import java.io.Serial;

/** A port that cannot be listened on, with the key of the configuration that names it. */
final class PortUnavailable extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  PortUnavailable(String instance, String key, int port, Throwable cause) {
    super(
        "instance \"%s\": cannot listen on port %d (%s): %s"
            .formatted(instance, port, key, cause.getMessage()),
        null,
        false,
        false);
  }
}
