package org.postgresql.pljava;

/** Is told, on PostgreSQL's thread, how transactions end. */
public interface TransactionListener {
  /** The transaction was rolled back, or the backend ends. */
  default void onAbort(Session session) {}

  /** The transaction was committed. */
  default void onCommit(Session session) {}
}
