package io.prestogres.server;

/**
 * The program cannot start, or do what it was started for, for a reason that its operator can mend:
 * the message says it in one line. Carries no stack trace.
 */
public class StartFailure extends Exception {

  private static final long serialVersionUID = 1;

  StartFailure(String message) {
    super(message, null, false, false);
  }

  StartFailure(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
