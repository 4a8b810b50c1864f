package io.prestogres.presto;

/**
 * The password of a session's user, who proves himself to Presto with it; never printed.
 *
 * @param value the text; "" where the coordinator's own credentials are sent
 */
public record Password(String value) {
  /** None: the coordinator's own credentials are sent. */
  public static final Password NONE = new Password("");

  /** Whether there is none. */
  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public String toString() {
    return isEmpty() ? "(none)" : "(secret)";
  }
}
