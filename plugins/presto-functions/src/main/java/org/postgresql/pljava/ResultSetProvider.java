package org.postgresql.pljava;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What a function that returns a set of rows of a composite type returns to PL/Java. */
public interface ResultSetProvider {
  /** Writes the columns of a row; false if there is none. Rows count from 0. */
  boolean assignRowValues(ResultSet receiver, int currentRow) throws SQLException;

  /** Called when the rows are read to the end or not wanted any more, but not after an error. */
  void close() throws SQLException;

  /** For sets of more than two billion rows. */
  interface Large extends ResultSetProvider {
    /** As the other, with a larger count. */
    boolean assignRowValues(ResultSet receiver, long currentRow) throws SQLException;

    @Override
    default boolean assignRowValues(ResultSet receiver, int currentRow) throws SQLException {
      return assignRowValues(receiver, (long) currentRow);
    }
  }
}
