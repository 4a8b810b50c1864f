package io.prestogres.config;

/**
 * A text that must not reach a log: its {@code toString} does not show it.
 *
 * @param value the text itself; "" when none is set
 */
public record Secret(String value) {

  /** No secret at all. */
  public static final Secret NONE = new Secret("");

  /** Whether no secret is set. */
  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public String toString() {
    return isEmpty() ? "(none)" : "(secret)";
  }
}
