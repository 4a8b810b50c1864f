package io.prestogres.config;

import java.io.Serializable;

/**
 * One mistake in the configuration file.
 *
 * @param path where, as {@code instances[0].redirect.port}; "" when it is the file as a whole
 * @param line the line in the file, from 1; 0 when there is none
 * @param message what is wrong and what would be right
 */
public record Problem(String path, int line, String message) implements Serializable {

  /** The mistake as one line of text. */
  @Override
  public String toString() {
    return (path.isEmpty() ? "" : path + ": ") + message + (line > 0 ? " (line " + line + ")" : "");
  }
}
