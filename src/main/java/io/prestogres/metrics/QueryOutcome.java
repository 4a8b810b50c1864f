package io.prestogres.metrics;

/** How a Presto query ended. */
public enum QueryOutcome {
  /** All its rows were read. */
  FINISHED,
  /** It was cancelled, or its reader left before the last row. */
  CANCELLED,
  /** Presto, or the way to it, failed. */
  FAILED
}
