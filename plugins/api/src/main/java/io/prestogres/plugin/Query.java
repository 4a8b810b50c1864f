package io.prestogres.plugin;

/**
 * A text that a client sent to be run or prepared.
 *
 * @param text the SQL as the client wrote it, or as the interceptor before made it
 * @param protocol how it came
 */
public record Query(String text, Protocol protocol) {

  /** PostgreSQL's two ways to send statements. */
  public enum Protocol {
    /** A Query message: any number of statements, without parameters. */
    SIMPLE,
    /** A Parse message: one statement, whose parameters are written $1, $2 and so on. */
    EXTENDED
  }
}
