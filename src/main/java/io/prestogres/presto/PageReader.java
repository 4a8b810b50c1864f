package io.prestogres.presto;

import java.util.List;

/**
 * Reads rows of a page of a result.
 *
 * <p>Runs on a worker thread, never two calls of one query at a time, and only for pages that have
 * rows. It may return before {@link RowCursor#nextRow} has answered false: the next {@link
 * PrestoQuery#next} then goes on with the following row of the same page. What it throws fails that
 * {@code next} and cancels the query.
 */
@FunctionalInterface
public interface PageReader {

  /**
   * Reads some or all of the rows that are left of the page.
   *
   * @param columns the columns of the result, the same in every call for one query
   * @param rows valid during the call only
   */
  void read(List<PrestoColumn> columns, RowCursor rows);
}
