package io.prestogres.results;

import io.prestogres.presto.PrestoColumn;
import io.prestogres.presto.RowCursor;
import java.util.List;

/**
 * Turns rows of a page into DataRow messages. One for each query, called on worker threads, never
 * twice at a time.
 */
interface RowEncoding {
  /**
   * Encodes rows of a page, at least one.
   *
   * @param max the most messages wanted
   */
  RowSource.Rows encode(List<PrestoColumn> columns, RowCursor rows, int max);
}
