package io.prestogres.functions;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a query as its driver has them, one after the other. */
public interface EngineRows extends AutoCloseable {
  /** What each value of a row is. */
  List<EngineColumn> columns();

  /**
   * Moves to the next row; false at the end.
   *
   * @throws SQLException if the query has failed; the end is never that of a failed query
   */
  boolean next() throws SQLException, InterruptedException;

  /**
   * A value of the row. Scalars are texts as the engine writes them; the binary ones bytes. An
   * array is a list or a JDBC array of such values, a map a map by texts, a row the list of its
   * values or a map by the names of its fields.
   *
   * @param column from 0
   */
  @Nullable Object value(int column) throws SQLException;

  /** The JSON in which the row came, on this row, if its values are to be had from there. */
  default @Nullable JsonPage json() {
    return null;
  }

  /** Ends the query, of which nobody wants more. */
  void cancel() throws SQLException;

  @Override
  void close() throws SQLException;
}
