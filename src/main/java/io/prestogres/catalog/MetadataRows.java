package io.prestogres.catalog;

import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoQuery;
import io.prestogres.presto.PrestoSession;
import io.prestogres.presto.RowCursor;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** The rows of a metadata query, whose values are all text. */
final class MetadataRows {
  private MetadataRows() {}

  static Future<List<List<String>>> read(PrestoClient presto, String sql, PrestoSession session) {
    return presto.start(sql, session).compose(query -> readOn(query, new ArrayList<>()));
  }

  private static Future<List<List<String>>> readOn(PrestoQuery query, List<List<String>> rows) {
    return query
        .next(
            (columns, page) -> {
              while (page.nextRow()) {
                List<String> row = new ArrayList<>(columns.size());
                while (page.nextValue()) {
                  row.add(page.kind() == RowCursor.Kind.NULL ? "" : page.text());
                }
                rows.add(row);
              }
            })
        .compose(more -> more ? readOn(query, rows) : Future.succeededFuture(rows));
  }
}
