package io.prestogres.catalog;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What PostgreSQL's planner has to know of a table, as Presto's connector tells it, to two digits:
 * a table that has grown a little is no news.
 *
 * @param columns by name, those whose distinct values are known
 */
record TableStatistics(double rows, Map<String, ColumnStatistics> columns) {
  private static final MathContext TWO_DIGITS = new MathContext(2);

  /** What PostgreSQL takes for the width of a value of which it knows nothing. */
  private static final int USUAL_WIDTH = 32;

  /**
   * Of one column.
   *
   * @param nullFraction from 0 to 1
   * @param distinct how many values there are, at least 1
   * @param width bytes of a value
   */
  record ColumnStatistics(double nullFraction, double distinct, int width) {}

  TableStatistics {
    columns = Map.copyOf(columns);
  }

  /**
   * What SHOW STATS tells: a row for each column (name, bytes, distinct values, fraction of NULL)
   * and one without a name that has the number of rows; "" is what the connector does not know.
   *
   * @return empty if the connector has no number of rows. One that tells of none is not believed:
   *     the planner would read the table once for each row of another.
   */
  static Optional<TableStatistics> of(List<List<String>> shown) {
    double rows =
        shown.stream()
            .filter(row -> row.get(0).isEmpty())
            .mapToDouble(row -> number(row.get(4)))
            .findAny()
            .orElse(0);
    if (rows < 1) {
      return Optional.empty();
    }
    Map<String, ColumnStatistics> columns = new LinkedHashMap<>();
    for (List<String> row : shown) {
      double distinct = Math.min(number(row.get(2)), rows);
      if (!row.get(0).isEmpty() && distinct >= 1) {
        double bytes = number(row.get(1));
        columns.put(
            row.get(0),
            new ColumnStatistics(
                Math.min(1, rounded(number(row.get(3)))),
                rounded(distinct),
                bytes > 0 ? (int) Math.max(1, Math.min(1 << 20, bytes / rows)) : USUAL_WIDTH));
      }
    }
    return Optional.of(new TableStatistics(rounded(rows), columns));
  }

  /** 0 for what is not known, or is none. */
  private static double number(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    double value = Double.parseDouble(text);
    return Double.isFinite(value) && value > 0 ? value : 0;
  }

  private static double rounded(double value) {
    return new BigDecimal(value).round(TWO_DIGITS).doubleValue();
  }

  /** As it is written down, to be compared with what comes next. */
  String toJson() {
    JsonObject all = new JsonObject();
    columns.forEach(
        (name, column) ->
            all.put(
                name,
                new JsonArray()
                    .add(column.nullFraction())
                    .add(column.distinct())
                    .add(column.width())));
    return new JsonObject().put("rows", rows).put("columns", all).encode();
  }
}
