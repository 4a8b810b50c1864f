package io.prestogres.sql;

import java.util.List;

/**
 * What kind of statement a {@link ScannedStatement} is. All positions are in the message's text.
 */
public sealed interface Shape {

  /** SELECT, WITH … SELECT, VALUES, TABLE, also in brackets: the text in [start, end). */
  record Query(int start, int end) implements Shape {}

  /**
   * A statement around a query whose text is in [start, end).
   *
   * @param verb CREATE TABLE AS, INSERT, COPY, DECLARE or EXPLAIN (EXPLAIN also for what it
   *     explains)
   */
  record Wrapped(String verb, int start, int end) implements Shape {}

  /**
   * {@code PREPARE name [(types)] AS query}.
   *
   * @param types the parameters' types as they were written, as far as they were given
   * @param typesStart where their list begins, or would begin
   * @param typesEnd where it ends
   * @param start where the query begins
   * @param end where it ends
   */
  record Prepare(List<String> types, int typesStart, int typesEnd, int start, int end)
      implements Shape {

    public Prepare {
      types = List.copyOf(types);
    }
  }

  /**
   * {@code COPY table [(columns)] TO …}. PostgreSQL copies a shell without its child, that is, no
   * rows: replacing the text in [start, end) by {@link #asQuery} gives all of them.
   *
   * @param columnTexts the columns as they were written; none means all
   */
  record CopyTable(NameReference table, List<String> columnTexts, int start, int end)
      implements Shape {

    public CopyTable {
      columnTexts = List.copyOf(columnTexts);
    }

    /** The bracketed query that COPY accepts in place of the table. */
    public String asQuery(String text) {
      String columns = columnTexts.isEmpty() ? "*" : String.join(", ", columnTexts);
      return "(SELECT " + columns + " FROM " + text.substring(table.start(), table.end()) + ")";
    }
  }

  /**
   * A statement of Presto's that PostgreSQL has no grammar for.
   *
   * @param verb in capitals, as far as it tells the statement apart: SHOW TABLES, SHOW CREATE
   *     TABLE, DESCRIBE, USE, SET SESSION, RESET SESSION
   * @param setting the parts of the property's name for SET SESSION and RESET SESSION, else empty.
   *     PostgreSQL too takes {@code SET SESSION a.b = c} as a setting of an extension: whoever
   *     knows the catalogs' names looks whether the first of two parts is one of them.
   */
  record PrestoOnly(String verb, int start, int end, List<String> setting) implements Shape {

    public PrestoOnly {
      setting = List.copyOf(setting);
    }
  }

  /** BEGIN, START, COMMIT, END, ROLLBACK, ABORT, SAVEPOINT, RELEASE. */
  record TransactionControl(String verb) implements Shape {}

  /** A statement that reads no relation by name: FETCH, MOVE, CLOSE, SET, SHOW, LISTEN, … */
  record Harmless(String verb) implements Shape {}

  /** Everything else. */
  record Other(String verb) implements Shape {}
}
