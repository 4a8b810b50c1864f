package io.prestogres.results;

import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the table function asks for, as it writes it into its one parameter.
 *
 * @param query Presto's SQL
 * @param parameters values of {@code ?}, as text; empty for NULL
 * @param processId of the backend that runs the function, put in by the function itself
 * @param user the session's role, put in by the function itself
 */
record BatchRequest(String query, List<Optional<String>> parameters, int processId, String user) {
  /** The query over the function's foreign table, without the quotes that a setting may add. */
  private static final String QUERY =
      "SELECT batch FROM prestogres.result_batch WHERE ((request = $1::jsonb))";

  static boolean isBatchQuery(String query) {
    return query.replace("\"", "").equals(QUERY);
  }

  static BatchRequest read(List<Optional<String>> bound) {
    try {
      JsonObject json = new JsonObject(bound.get(0).orElse("{}"));
      List<Optional<String>> parameters = new ArrayList<>();
      JsonArray values = json.getJsonArray("parameters", new JsonArray());
      for (int i = 0; i < values.size(); i++) {
        parameters.add(Optional.ofNullable(values.getString(i)));
      }
      String query = json.getString("query");
      if (query == null) {
        throw PgException.error("22004", "the query of fetch_presto_query_results is null");
      }
      return new BatchRequest(
          query, parameters, json.getInteger("pid", 0), json.getString("user", ""));
    } catch (DecodeException | ClassCastException | IndexOutOfBoundsException e) {
      throw PgException.error(
          SqlState.FEATURE_NOT_SUPPORTED, "this is no request of fetch_presto_query_results");
    }
  }
}
