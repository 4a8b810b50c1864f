package io.prestogres.metrics;

/** Where counted bytes went. */
public enum Direction {
  /** Read from clients. */
  FROM_CLIENT,
  /** Read from PostgreSQL, for clients. */
  FROM_SERVER,
  /** Rows of Presto, written by the results endpoint to PostgreSQL. */
  RESULTS
}
