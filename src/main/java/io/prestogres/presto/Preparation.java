package io.prestogres.presto;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A statement in the Prepared-Statement header, from where DESCRIBE and EXECUTE know it without a
 * PREPARE before.
 */
final class Preparation {
  /** Presto answers with 431 when all headers of a request reach 8 KiB. */
  private static final int MAX_HEADER = 7_000;

  private static final String NAME = "prestogres";

  /** How a statement is sent. */
  interface Post {
    Future<PrestoQuery> post(String sql, MultiMap headers);
  }

  /**
   * The session's headers, the name of the one that takes the statement, and the size of what each
   * request adds.
   */
  record Headers(MultiMap session, String preparedStatement, int added) {}

  private final Post post;
  private final Headers headers;
  private final String sql;
  private final String encoded;

  Preparation(Post post, Headers headers, String sql) {
    this.post = post;
    this.headers = headers;
    this.sql = sql;
    this.encoded = SessionHeaders.encode(sql);
  }

  Future<List<PrestoColumn>> columns() {
    return fits() ? describeOutput() : describeLong();
  }

  Future<List<PrestoType>> inputs() {
    if (!fits()) {
      return Future.failedFuture(
          new PrestoException(
              "54001", "the statement is too long to be sent to Presto with parameters"));
    }
    return rows("DESCRIBE INPUT " + NAME, 1)
        .map(rows -> rows.stream().map(row -> PrestoType.parse(row.get(1))).toList());
  }

  Future<PrestoQuery> execute(List<Optional<String>> values) {
    return inputs()
        .compose(
            types -> {
              if (types.size() != values.size()) {
                throw new PrestoException(
                    "08P01",
                    "the statement has "
                        + types.size()
                        + " parameters on Presto, but "
                        + values.size()
                        + " values were given");
              }
              List<String> arguments = new ArrayList<>();
              for (int i = 0; i < types.size(); i++) {
                arguments.add(ParameterLiterals.of(types.get(i), values.get(i)));
              }
              String using = String.join(", ", arguments);
              return post.post("EXECUTE " + NAME + " USING " + using, prepared());
            });
  }

  private Future<List<PrestoColumn>> describeOutput() {
    return rows("DESCRIBE OUTPUT " + NAME, 4)
        .map(
            rows ->
                rows.stream()
                    .map(row -> new PrestoColumn(row.get(0), PrestoType.parse(row.get(4))))
                    .toList());
  }

  /** A query that yields no rows; the new line ends a comment at the end of the statement. */
  private Future<List<PrestoColumn>> describeLong() {
    return post.post("SELECT * FROM (" + sql + "\n) AS described LIMIT 0", headers.session())
        .compose(
            query -> query.columns().onComplete(any -> query.cancel().onFailure(ignored -> {})));
  }

  private boolean fits() {
    int size =
        encoded.length() + headers.preparedStatement().length() + NAME.length() + headers.added();
    for (var header : headers.session()) {
      size += header.getKey().length() + header.getValue().length() + 4;
    }
    return size <= MAX_HEADER;
  }

  private MultiMap prepared() {
    return HttpHeaders.headers()
        .addAll(headers.session())
        .set(headers.preparedStatement(), NAME + "=" + encoded);
  }

  /** All rows of a short result, as texts. */
  private Future<List<List<String>>> rows(String statement, int lastColumn) {
    List<List<String>> rows = new ArrayList<>();
    return post.post(statement, prepared()).compose(query -> collect(query, rows, lastColumn));
  }

  private static Future<List<List<String>>> collect(
      PrestoQuery query, List<List<String>> rows, int lastColumn) {
    return query
        .next((columns, cursor) -> read(cursor, rows, lastColumn))
        .compose(more -> more ? collect(query, rows, lastColumn) : Future.succeededFuture(rows));
  }

  private static void read(RowCursor cursor, List<List<String>> rows, int lastColumn) {
    while (cursor.nextRow()) {
      List<String> row = new ArrayList<>();
      while (cursor.nextValue()) {
        switch (cursor.kind()) {
          case TEXT, NUMBER -> row.add(cursor.text());
          default -> row.add("");
        }
      }
      if (row.size() <= lastColumn) {
        throw PrestoException.malformed("a description has too few columns");
      }
      rows.add(row);
    }
  }
}
