package io.prestogres.results;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * The rows of one cursor, as DataRow messages. Used by one connection, on its context; one fetch at
 * a time.
 */
interface RowSource {
  /**
   * Some rows.
   *
   * @param messages DataRow messages, one after the other
   * @param count how many; less than was asked for only at the end
   */
  record Rows(Buffer messages, int count) {}

  /**
   * The next rows.
   *
   * @return fails with a {@code PgException} or {@code PrestoException}
   */
  Future<Rows> fetch(int max);

  /** Gives up; a fetch under way fails soon. May be called more than once, also after the end. */
  void close();
}
