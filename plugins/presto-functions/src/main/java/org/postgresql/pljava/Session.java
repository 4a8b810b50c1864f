package org.postgresql.pljava;

/** The backend's session. */
public interface Session {
  /** Has the listener told of savepoints. */
  void addSavepointListener(SavepointListener listener);

  /** Has the listener told of the ends of transactions. */
  void addTransactionListener(TransactionListener listener);
}
