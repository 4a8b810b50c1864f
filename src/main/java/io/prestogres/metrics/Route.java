package io.prestogres.metrics;

/** Which way a statement went. */
public enum Route {
  /** Forwarded: it names no shell. */
  POSTGRES,
  /** Rewritten whole into a call of the table function. */
  WHOLE,
  /** Forwarded although it names shells, which are scanned. */
  SCAN,
  /** Of a form that only Presto knows, and sent to it as written. */
  PRESTO_ONLY,
  /** A write that goes to Presto. */
  WRITE,
  /** Answered with an error by the proxy itself. */
  REFUSED
}
