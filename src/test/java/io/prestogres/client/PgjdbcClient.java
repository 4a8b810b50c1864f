package io.prestogres.client;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** pgjdbc; what the URL says is the variant. */
final class PgjdbcClient extends JvmClient {
  /** What JDBC calls them. */
  private static final Map<String, String> TYPES =
      Map.of("int8", "bigint", "varchar", "character varying");

  private final Connection connection;
  private volatile Statement running;

  PgjdbcClient(String url) throws SQLException {
    connection = DriverManager.getConnection(url);
    running = connection.createStatement();
  }

  Connection connection() {
    return connection;
  }

  @Override
  List<List<Object>> query(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(sql.replaceAll("\\$[0-9]", "?"))) {
      running = statement;
      for (int i = 0; i < values.length; i++) {
        bind(statement, i + 1, values[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        return rows(result);
      }
    }
  }

  private void bind(PreparedStatement statement, int index, Object value) throws SQLException {
    if (value == null) {
      statement.setNull(index, Types.VARCHAR);
    } else if (value instanceof Object[] values) {
      statement.setArray(index, connection.createArrayOf("bigint", values));
    } else {
      statement.setObject(index, value);
    }
  }

  private static List<List<Object>> rows(ResultSet result) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    while (result.next()) {
      List<Object> row = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        row.add(result.getObject(i));
      }
      rows.add(row);
    }
    return rows;
  }

  @Override
  void run(String sql) throws SQLException {
    switch (sql) {
      case "begin" -> connection.setAutoCommit(false);
      case "rollback" -> {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      default -> {
        try (Statement statement = connection.createStatement()) {
          statement.execute(sql);
        }
      }
    }
  }

  @Override
  void browse() throws SQLException {
    DatabaseMetaData metadata = connection.getMetaData();
    saySchemas(column(metadata.getSchemas(), "TABLE_SCHEM"));
    String[] kinds = {"TABLE", "VIEW", "FOREIGN TABLE", "PARTITIONED TABLE", "MATERIALIZED VIEW"};
    sayTables(column(metadata.getTables(null, "tiny", "%", kinds), "TABLE_NAME"));
    sayColumns(
        column(metadata.getColumns(null, "sf1", "nation", "%"), "COLUMN_NAME"),
        column(metadata.getColumns(null, "sf1", "nation", "%"), "TYPE_NAME").stream()
            .map(name -> TYPES.getOrDefault(name, name))
            .toList());
  }

  private static List<String> column(ResultSet result, String name) throws SQLException {
    List<String> values = new ArrayList<>();
    try (result) {
      while (result.next()) {
        values.add(result.getString(name));
      }
    }
    return values;
  }

  /** A cursor, but for simple queries: the protocol has no portals for those. */
  @Override
  void readOrders(Sum sum) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      if (statement.getFetchSize() == 0) {
        statement.setFetchSize(1000);
      }
      try (ResultSet result = statement.executeQuery(ORDERS)) {
        while (result.next()) {
          sum.add(result.getLong(1), result.getDouble(2));
        }
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  @Override
  void requestCancel() throws SQLException {
    running.cancel();
  }

  @Override
  String sqlState(Exception failure) {
    return ((SQLException) failure).getSQLState();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
