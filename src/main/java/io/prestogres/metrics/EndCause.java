package io.prestogres.metrics;

/** Why a session ended. */
public enum EndCause {
  /** The client said goodbye. */
  CLIENT,
  /** The client's connection broke off. */
  CLIENT_LOST,
  /** PostgreSQL ended the connection, or it broke off. */
  SERVER,
  /** PostgreSQL refused the login. */
  AUTHENTICATION,
  /** The first ReadyForQuery did not come in time. */
  STARTUP_TIMEOUT,
  /** The client was silent for too long. */
  IDLE,
  /** One side broke the protocol. */
  PROTOCOL,
  /** The proxy is shutting down. */
  SHUTDOWN,
  /** A defect of the proxy. */
  FAILURE
}
