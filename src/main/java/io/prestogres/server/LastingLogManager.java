package io.prestogres.server;

import java.util.logging.LogManager;

/**
 * The standard log manager, except that its handlers outlast the beginning of the shutdown: the
 * standard one removes them while shutdown hooks still log. Public because the JDK makes it.
 */
public final class LastingLogManager extends LogManager {

  /** Made by the JDK. */
  public LastingLogManager() {}

  @Override
  public void reset() {
    // The handlers stay.
  }
}
