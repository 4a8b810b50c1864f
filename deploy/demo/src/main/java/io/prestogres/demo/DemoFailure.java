package io.prestogres.demo;

/** The demo cannot run, for a reason that its message tells the user in full. */
final class DemoFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final String line;

  DemoFailure(String line) {
    super(line);
    this.line = line;
  }

  /** One line for the user. */
  String line() {
    return line;
  }
}
