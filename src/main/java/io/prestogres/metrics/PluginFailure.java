package io.prestogres.metrics;

/** How a call of a plugin failed. */
public enum PluginFailure {
  /** It threw, or its stage completed with an exception. */
  THREW,
  /** It returned null, or its stage completed with null. */
  NO_ANSWER,
  /** What it decided cannot be done. */
  INVALID_ANSWER,
  /** It did not answer within its time limit. */
  TIMEOUT,
  /** It was not called, because no worker thread was free in time. */
  BUSY
}
