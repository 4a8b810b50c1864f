package io.prestogres.functions;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a JDBC driver's statement. What has a text is read as text: getObject is wrong for
 * old dates.
 */
public final class ResultSetRows implements EngineRows {
  private static final Set<String> TEXTS =
      Set.of(
          "boolean",
          "tinyint",
          "smallint",
          "integer",
          "bigint",
          "real",
          "double",
          "decimal",
          "varchar",
          "char",
          "json",
          "uuid",
          "ipaddress",
          "ipprefix",
          "date",
          "time",
          "timestamp",
          "time with time zone",
          "timestamp with time zone",
          "interval day to second",
          "interval year to month");

  private final Statement statement;
  private final ResultSet rows;
  private final List<EngineColumn> columns = new ArrayList<>();
  private final boolean[] texts;

  /**
   * Closes the rows, but not the statement.
   *
   * @throws SQLException 0A000 if the driver would show a column as what it is not
   */
  public ResultSetRows(Statement statement, ResultSet rows) throws SQLException {
    this.statement = statement;
    this.rows = rows;
    ResultSetMetaData metadata = rows.getMetaData();
    texts = new boolean[metadata.getColumnCount()];
    for (int i = 1; i <= texts.length; i++) {
      ColumnType type = ColumnType.parse(metadata.getColumnTypeName(i));
      requireReadable(metadata.getColumnLabel(i), type);
      columns.add(new EngineColumn(metadata.getColumnLabel(i), type));
      texts[i - 1] = TEXTS.contains(type.name());
    }
  }

  /** presto-jdbc takes the text of a type that it does not know for base64: red for two bytes. */
  private static void requireReadable(String column, ColumnType type) throws SQLException {
    if (type.name().equals("color")) {
      throw new SQLException(
          "column \"" + column + "\": presto-jdbc cannot read values of type color", "0A000");
    }
    for (ColumnType inner : type.children()) {
      requireReadable(column, inner);
    }
  }

  @Override
  public List<EngineColumn> columns() {
    return columns;
  }

  @Override
  public boolean next() throws SQLException, InterruptedException {
    return rows.next();
  }

  @Override
  public @Nullable Object value(int column) throws SQLException {
    return texts[column] ? rows.getString(column + 1) : rows.getObject(column + 1);
  }

  @Override
  public void cancel() throws SQLException {
    statement.cancel();
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
