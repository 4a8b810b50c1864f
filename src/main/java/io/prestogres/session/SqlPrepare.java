package io.prestogres.session;

import io.prestogres.sql.Shape;
import io.prestogres.sql.SqlQuoting;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * SQL's PREPARE of a query. PostgreSQL keeps its text and reads it again when the search_path or a
 * table has changed (manual, "PREPARE"). So the text that takes its place asks whether the names
 * still mean what they meant, which PostgreSQL decides when it reads it, and holds the client's own
 * query for where they do not.
 */
final class SqlPrepare {
  private SqlPrepare() {}

  /**
   * The OIDs of the types that a PREPARE gives, asked of PostgreSQL.
   *
   * @return nothing if one of them is no type
   */
  static Future<Optional<List<Integer>>> types(Shape.Prepare prepare, Upstream upstream) {
    if (prepare.types().isEmpty()) {
      return Future.succeededFuture(Optional.of(List.of()));
    }
    String question =
        prepare.types().stream()
            .map(type -> "pg_catalog.to_regtype(" + SqlQuoting.literal(type) + ")::pg_catalog.oid")
            .collect(Collectors.joining(", ", "SELECT ", ""));
    return upstream.ask(new Injection().run(question)).map(SqlPrepare::read);
  }

  private static Optional<List<Integer>> read(InjectedReply reply) {
    if (reply.rows().isEmpty()) {
      return Optional.empty();
    }
    List<Integer> oids = new ArrayList<>();
    for (Optional<String> oid : reply.rows().get(0)) {
      oid.map(Integer::parseUnsignedInt).ifPresent(oids::add);
    }
    return oids.size() == reply.rows().get(0).size() ? Optional.of(oids) : Optional.empty();
  }

  /**
   * Puts the call in the place of the query.
   *
   * @param query the client's own
   * @param call gives the same rows as long as the names mean what they do now
   * @param types the names of the parameters' types, which the call does not show
   */
  static void rewrite(
      TextEdits edits,
      Shape.Prepare prepare,
      String query,
      String call,
      List<String> types,
      NameResolution names) {
    if (!types.isEmpty()) {
      String list = types.stream().collect(Collectors.joining(", ", " (", ")"));
      edits.replace(prepare.typesStart(), prepare.typesEnd(), list);
    }
    String same =
        names.oids().entrySet().stream()
            .map(
                name ->
                    NameResolution.quoted(name.getKey())
                        + "::pg_catalog.regclass OPERATOR(pg_catalog.=) "
                        + name.getValue()
                        + "::pg_catalog.oid")
            .collect(Collectors.joining(" AND "));
    edits.replace(
        prepare.start(),
        prepare.end(),
        "SELECT * FROM (%s) whole WHERE %s UNION ALL SELECT * FROM (%s) own WHERE NOT (%s)"
            .formatted(call, same, query, same));
  }
}
