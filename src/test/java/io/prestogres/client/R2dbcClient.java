package io.prestogres.client;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlStatement;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.RowMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** r2dbc-postgresql; it has no metadata of its own, and asks the information schema. */
final class R2dbcClient extends JvmClient {
  private static final int PORTION = 1000;

  private final PostgresqlConnection connection;

  R2dbcClient(PostgresqlConnectionConfiguration options) {
    connection =
        Objects.requireNonNull(new PostgresqlConnectionFactory(options).create().block(TIMEOUT));
  }

  PostgresqlConnection connection() {
    return connection;
  }

  @Override
  List<List<Object>> query(String sql, Object... values) {
    PostgresqlStatement statement = connection.createStatement(sql);
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        statement.bindNull(i, String.class);
      } else {
        statement.bind(i, values[i]);
      }
    }
    return Objects.requireNonNull(
        statement
            .execute()
            .concatMap(result -> result.map(R2dbcClient::values))
            .collectList()
            .block(TIMEOUT));
  }

  private static List<Object> values(Row row, RowMetadata metadata) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < metadata.getColumnMetadatas().size(); i++) {
      values.add(row.get(i));
    }
    return values;
  }

  @Override
  void run(String sql) {
    switch (sql) {
      case "begin" -> connection.beginTransaction().block(TIMEOUT);
      case "rollback" -> connection.rollbackTransaction().block(TIMEOUT);
      default -> connection.createStatement(sql).execute().then().block(TIMEOUT);
    }
  }

  /** The driver asks for the next portion when its subscriber has taken the last. */
  @Override
  void readOrders(Sum sum) {
    connection.beginTransaction().block(TIMEOUT);
    connection
        .createStatement(ORDERS)
        .fetchSize(PORTION)
        .execute()
        .concatMap(result -> result.map(R2dbcClient::values))
        .limitRate(PORTION / 2)
        .doOnNext(row -> sum.add((Long) row.get(0), (Double) row.get(1)))
        .then()
        .block(TIMEOUT);
    connection.commitTransaction().block(TIMEOUT);
  }

  @Override
  void requestCancel() {
    Mono<Void> request = connection.cancelRequest();
    request.block(TIMEOUT);
  }

  @Override
  String sqlState(Exception failure) {
    return failure instanceof R2dbcException error ? error.getSqlState() : "";
  }

  @Override
  public void close() {
    connection.close().block(TIMEOUT);
  }
}
