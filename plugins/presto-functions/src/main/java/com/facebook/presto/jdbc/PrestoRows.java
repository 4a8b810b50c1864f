package com.facebook.presto.jdbc;

import com.facebook.presto.jdbc.internal.client.ClientException;
import com.facebook.presto.jdbc.internal.client.Column;
import com.facebook.presto.jdbc.internal.client.QueryStatusInfo;
import com.facebook.presto.jdbc.internal.client.StatementClient;
import io.prestogres.functions.ColumnType;
import io.prestogres.functions.EngineColumn;
import io.prestogres.functions.EngineRows;
import io.prestogres.functions.JsonPage;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query, page by page: from the JSON where that was taken out of the page, else as
 * the driver's client has read them. The driver's own ResultSet asks for the next page before it
 * gives a row of this one.
 */
final class PrestoRows implements EngineRows {
  private final StatementClient client;
  private final PageTap tap;
  private final List<EngineColumn> columns;
  private @Nullable JsonPage json;
  private Iterator<List<Object>> objects = Collections.emptyIterator();
  private @Nullable List<Object> row;

  /** Waits until the query's columns are known, which may be long before its rows. */
  PrestoRows(StatementClient client, PageTap tap) throws SQLException, InterruptedException {
    this.client = client;
    this.tap = tap;
    columns = awaitColumns().stream().map(PrestoRows::described).toList();
    load();
  }

  private List<Column> awaitColumns() throws SQLException, InterruptedException {
    while (client.isRunning()) {
      List<Column> found = client.currentStatusInfo().getColumns();
      if (found != null) {
        return found;
      }
      advance();
    }
    requireSuccess();
    throw new SQLException("Presto ended the query without a result", "58030");
  }

  private static EngineColumn described(Column column) {
    // As the driver names types, by which rows without names are told.
    String type = column.getType().toUpperCase(Locale.ENGLISH);
    return new EngineColumn(column.getName(), ColumnType.parse(type));
  }

  @Override
  public List<EngineColumn> columns() {
    return columns;
  }

  @Override
  public boolean next() throws SQLException, InterruptedException {
    while (true) {
      if (json != null && json.next()) {
        return true;
      }
      if (objects.hasNext()) {
        row = objects.next();
        return true;
      }
      if (!advance()) {
        requireSuccess();
        return false;
      }
      load();
    }
  }

  private boolean advance() throws SQLException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("cancelled");
    }
    try {
      return client.advance();
    } catch (ClientException failure) {
      throw new SQLException(failure.getMessage(), failure);
    } catch (RuntimeException failure) {
      throw new SQLException("Error fetching results", failure);
    }
  }

  private void load() throws SQLException {
    json = tap.take();
    Iterable<List<Object>> data = client.currentData().getData();
    if (data == null) {
      objects = Collections.emptyIterator();
      return;
    }
    for (EngineColumn column : columns) {
      requireReadable(column);
    }
    objects = data.iterator();
  }

  private static void requireReadable(EngineColumn column) throws SQLException {
    Optional<String> unknown = column.type().unknownToDriver();
    if (unknown.isPresent()) {
      throw new SQLException(
          "column \"%s\": presto-jdbc cannot read values of type %s"
              .formatted(column.name(), unknown.get()),
          "0A000");
    }
  }

  /** The end of the pages is that of the result only if the query has not failed. */
  private void requireSuccess() throws SQLException, InterruptedException {
    if (!client.isFinished()) {
      throw new InterruptedException("cancelled");
    }
    QueryStatusInfo status = client.finalStatusInfo();
    if (status.getError() != null) {
      throw PrestoResultSet.resultsException(status);
    }
  }

  @Override
  public @Nullable Object value(int column) throws SQLException {
    if (json != null) {
      return json.text(column);
    }
    if (row == null) {
      throw new IllegalStateException("before the first row");
    }
    Object value = row.get(column);
    return value != null && columns.get(column).type().isText() ? value.toString() : value;
  }

  @Override
  public @Nullable JsonPage json() {
    return json;
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
