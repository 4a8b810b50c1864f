package io.prestogres.catalog;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.util.function.BooleanSupplier;

/**
 * Notices that PostgreSQL is being shut down, by a connection of its own: PostgreSQL closes that
 * one at once and takes no other. An idle backend with a JVM inside does not hear of it until
 * something else wakes it, and a fast shutdown would wait for it for ever. Thread-safe.
 */
public final class ShutdownWatch {
  private static final String DATABASE = "postgres";
  private static final String CANNOT_CONNECT_NOW = "57P03";

  /** How often a connection is opened anew, if there is none. */
  private static final long LOOK_MILLIS = 1_000;

  /** Backends that do hear of it are gone by then. */
  private static final long PATIENCE_MILLIS = 1_000;

  private final Vertx vertx;
  private final ControlConnections connections;
  private final BooleanSupplier needed;
  private final Runnable onShutdown;
  private volatile boolean closed;

  /**
   * A watch that has not begun.
   *
   * @param needed asked every second until it is so; from then on there is a connection
   * @param onShutdown run a second after PostgreSQL has begun to shut down
   */
  public ShutdownWatch(
      Vertx vertx, ControlConnections connections, BooleanSupplier needed, Runnable onShutdown) {
    this.vertx = vertx;
    this.connections = connections;
    this.needed = needed;
    this.onShutdown = onShutdown;
  }

  /** Begins. */
  public void start() {
    if (closed) {
      return;
    }
    vertx.setTimer(
        LOOK_MILLIS,
        later -> {
          if (needed.getAsBoolean()) {
            connect();
          } else {
            start();
          }
        });
  }

  /** Ends; the connection is closed with all others. */
  public void close() {
    closed = true;
  }

  private void connect() {
    if (closed) {
      return;
    }
    connections
        .connect(DATABASE)
        .onSuccess(connection -> connection.closeHandler(end -> connect()))
        .onFailure(
            failure -> {
              if (failure instanceof PgException refusal
                  && CANNOT_CONNECT_NOW.equals(refusal.getSqlState())) {
                vertx.setTimer(PATIENCE_MILLIS, later -> onShutdown.run());
              }
              start();
            });
  }
}
