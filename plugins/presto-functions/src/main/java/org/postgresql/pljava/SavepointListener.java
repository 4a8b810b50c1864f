package org.postgresql.pljava;

import java.sql.Savepoint;

/** Is told, on PostgreSQL's thread, of the transactions inside a transaction. */
public interface SavepointListener {
  /** It was rolled back. */
  default void onAbort(Session session, Savepoint savepoint, Savepoint parent) {}

  /** It has become part of its parent. */
  default void onCommit(Session session, Savepoint savepoint, Savepoint parent) {}

  /** It has begun. */
  default void onStart(Session session, Savepoint savepoint, Savepoint parent) {}
}
