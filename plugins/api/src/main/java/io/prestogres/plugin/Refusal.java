package io.prestogres.plugin;

import java.util.regex.Pattern;

/**
 * The error that a plugin has a client told.
 *
 * @param sqlState five digits or capital letters; not of class 00, which means success, nor of 01
 *     and 02, which are warnings
 * @param message what the client is told; not blank, without zero bytes
 */
public record Refusal(String sqlState, String message) {

  private static final Pattern ERROR = Pattern.compile("(?!0[012])[0-9A-Z]{5}");

  /** Refuses what PostgreSQL's protocol cannot say. */
  public Refusal {
    if (!ERROR.matcher(sqlState).matches()) {
      throw new IllegalArgumentException("not the SQLSTATE of an error: " + sqlState);
    }
    if (message.isBlank() || message.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a message: it is blank or has a zero byte");
    }
  }
}
