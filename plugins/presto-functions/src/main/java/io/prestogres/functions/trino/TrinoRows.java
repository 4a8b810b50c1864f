package io.prestogres.functions.trino;

import io.prestogres.functions.ColumnType;
import io.prestogres.functions.EngineColumn;
import io.prestogres.functions.EngineRows;
import io.trino.jdbc.$internal.client.Column;
import io.trino.jdbc.$internal.client.JsonQueryData;
import io.trino.jdbc.$internal.client.QueryData;
import io.trino.jdbc.$internal.client.StatementClient;
import io.trino.jdbc.$internal.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a query, page by page, read from the JSON in which they came. */
final class TrinoRows implements EngineRows {
  private final StatementClient client;
  private final TrinoLink link;
  private List<EngineColumn> columns = List.of();
  private @Nullable Iterator<JsonNode> page;
  private @Nullable JsonNode row;

  TrinoRows(StatementClient client, TrinoLink link) {
    this.client = client;
    this.link = link;
  }

  /** Waits until the query's columns are known, which may be long before its rows. */
  void awaitColumns() throws SQLException, InterruptedException {
    while (client.isRunning() && client.currentStatusInfo().getColumns() == null) {
      boolean unused = link.call(client::advance);
    }
    List<Column> found = client.currentStatusInfo().getColumns();
    if (found == null) {
      link.requireSuccess(client);
      throw new SQLException("Presto ended the query without a result", "58030");
    }
    columns =
        found.stream()
            .map(
                column ->
                    new EngineColumn(column.getName(), TrinoValues.type(column.getTypeSignature())))
            .toList();
  }

  @Override
  public List<EngineColumn> columns() {
    return columns;
  }

  @Override
  public boolean next() throws SQLException, InterruptedException {
    while (true) {
      Iterator<JsonNode> rows = page == null ? firstPage() : page;
      if (rows.hasNext()) {
        row = rows.next();
        if (row.size() != columns.size()) {
          throw new SQLException(
              "Presto sent a row that has not " + columns.size() + " columns", "58030");
        }
        return true;
      }
      if (!link.call(client::advance)) {
        link.requireSuccess(client);
        return false;
      }
      page = rows(client);
    }
  }

  private Iterator<JsonNode> firstPage() throws SQLException {
    Iterator<JsonNode> first = client.isRunning() ? rows(client) : Collections.emptyIterator();
    page = first;
    return first;
  }

  private static Iterator<JsonNode> rows(StatementClient client) throws SQLException {
    QueryData data = client.currentData();
    if (data == null || data.isNull()) {
      return Collections.emptyIterator();
    }
    if (data instanceof JsonQueryData json) {
      return json.getNode().elements();
    }
    throw new SQLException("Presto sent rows in an encoding that it was not asked for", "58030");
  }

  @Override
  public @Nullable Object value(int column) throws SQLException {
    JsonNode current = row;
    if (current == null) {
      throw new IllegalStateException("before the first row");
    }
    JsonNode value = current.get(column);
    ColumnType type = columns.get(column).type();
    // To PostgreSQL any text of a double is as good as the shortest, which takes time to find.
    return value.isDouble() && type.name().equals("double")
        ? Double.toString(value.doubleValue())
        : TrinoValues.of(value, type);
  }

  @Override
  public void cancel() {
    client.close();
  }

  @Override
  public void close() {
    client.close();
  }
}
