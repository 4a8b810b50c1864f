package io.prestogres.results;

import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.WireWriter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What the procedure {@code prestogres.refresh_catalog} asks for, as it writes it into its one
 * parameter.
 *
 * @param schema empty for all
 */
record RefreshRequest(Optional<String> schema) {
  /** The query over the procedure's foreign table, without the quotes that a setting may add. */
  private static final String QUERY =
      "SELECT message FROM prestogres.refresh_request WHERE ((request = $1::jsonb))";

  static boolean isRefresh(String query) {
    return query.replace("\"", "").equals(QUERY);
  }

  static RefreshRequest read(List<Optional<String>> bound) {
    try {
      JsonObject json = new JsonObject(bound.get(0).orElse("{}"));
      return new RefreshRequest(Optional.ofNullable(json.getString("schema")));
    } catch (DecodeException | ClassCastException | IndexOutOfBoundsException e) {
      throw PgException.error(
          SqlState.FEATURE_NOT_SUPPORTED, "this is no request of refresh_catalog");
    }
  }

  /** Texts as rows of one column, all at once: there are few. */
  static RowSource rows(Future<List<String>> texts) {
    return new RowSource() {
      private boolean fetched;

      @Override
      public Future<Rows> fetch(int max) {
        if (fetched) {
          return Future.succeededFuture(new Rows(Buffer.buffer(), 0));
        }
        fetched = true;
        return texts.map(RefreshRequest::joined);
      }

      @Override
      public void close() {
        // The refresh goes on: others may wait for it.
      }
    };
  }

  /** One row, whatever is to be told, so that it fits every FETCH; none if there is nothing. */
  private static RowSource.Rows joined(List<String> texts) {
    if (texts.isEmpty()) {
      return new RowSource.Rows(Buffer.buffer(), 0);
    }
    byte[] text = String.join("; ", texts).getBytes(StandardCharsets.UTF_8);
    return new RowSource.Rows(
        new WireWriter().start('D').writeShort(1).writeSized(text).finish().toBuffer(), 1);
  }
}
