package io.prestogres.config;

import java.util.List;

/**
 * The configuration cannot be used. Lists every mistake that was found, not just the first. Carries
 * no stack trace: it is an answer to whoever wrote the file.
 */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // List.copyOf gives a serializable list of serializable records.
  private final List<Problem> problems;

  /**
   * Names every mistake.
   *
   * @param file the file, or the part of it, that the mistakes are in
   * @param problems at least one
   */
  public ConfigException(String file, List<Problem> problems) {
    super(message(file, problems), null, false, false);
    this.problems = List.copyOf(problems);
  }

  /** Every mistake, in the order of the file; never empty. */
  public List<Problem> problems() {
    return problems;
  }

  private static String message(String file, List<Problem> problems) {
    StringBuilder text = new StringBuilder(file);
    text.append(problems.size() == 1 ? ": 1 problem" : ": " + problems.size() + " problems");
    for (Problem problem : problems) {
      text.append("\n  ").append(problem);
    }
    return text.toString();
  }
}
