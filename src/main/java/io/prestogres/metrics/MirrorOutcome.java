package io.prestogres.metrics;

/** How a comparison of a catalog's shells with Presto's tables ended. */
public enum MirrorOutcome {
  /** Nothing differed. */
  UNCHANGED,
  /** Differences became DDL. */
  CHANGED,
  /** Some schemas or tables could not be mirrored; the others are. */
  PARTIAL,
  /** Nothing could be done. */
  FAILED
}
