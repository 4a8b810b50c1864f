package io.prestogres.config;

/** A value that its key cannot have. Never leaves this package. */
final class UnsuitableValue extends Exception {

  private static final long serialVersionUID = 1;

  private final String reason;

  UnsuitableValue(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  /** What is wrong with it. */
  String reason() {
    return reason;
  }
}
