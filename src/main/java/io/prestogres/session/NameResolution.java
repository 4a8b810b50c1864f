package io.prestogres.session;

import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.sql.NameReference;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.Shell;
import io.prestogres.sql.ShellResolver;
import io.prestogres.sql.SqlQuoting;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What PostgreSQL itself says, on the client's session and right now, of the names in a statement
 * and of the columns of its query. No cache could know a search_path that a function changed.
 *
 * @param currentSchema the schema that unqualified names mean first, if Presto has it, else empty
 * @param shells the names that are shells
 * @param oids their OIDs
 * @param parents those from which tables of somebody else's inherit, whose rows Presto has not
 * @param parameterTypes OIDs of the query's parameters, empty if it was not described
 * @param fields the columns of the query, empty if it was not described
 * @param error why PostgreSQL does not take the query
 */
record NameResolution(
    String currentSchema,
    Map<List<String>, Shell> shells,
    Map<List<String>, Long> oids,
    Set<List<String>> parents,
    List<Integer> parameterTypes,
    List<Backend.Field> fields,
    Optional<ErrorFields> error) {

  /** Nothing, where nobody was asked. */
  static NameResolution none() {
    return of("", Map.of());
  }

  /** What is known of names without asking PostgreSQL. */
  static NameResolution of(String currentSchema, Map<List<String>, Shell> shells) {
    return new NameResolution(
        currentSchema, shells, Map.of(), Set.of(), List.of(), List.of(), Optional.empty());
  }

  /** The same without the description of the query. */
  NameResolution undescribed() {
    return new NameResolution(currentSchema, shells, oids, parents, List.of(), List.of(), error);
  }

  /** The same with the position of the error moved, as the query stands within a longer text. */
  NameResolution shifted(int characters) {
    Optional<ErrorFields> moved =
        error.map(
            fields ->
                fields
                    .field(ErrorFields.POSITION)
                    .map(at -> String.valueOf(Integer.parseInt(at) + characters))
                    .map(at -> fields.with(ErrorFields.POSITION, at))
                    .orElse(fields));
    return new NameResolution(currentSchema, shells, oids, parents, parameterTypes, fields, moved);
  }

  ShellResolver resolver() {
    return parts -> Optional.ofNullable(shells.get(parts)).filter(s -> !parents.contains(parts));
  }

  /** Whether it is a shell from which a table of somebody else's inherits. */
  boolean isParent(NameReference name) {
    return parents.contains(name.parts());
  }

  boolean isShell(NameReference name) {
    return shells.containsKey(name.parts());
  }

  /**
   * Asks PostgreSQL.
   *
   * @param query the query to describe, which is the client's own
   * @param parameterTypes the OIDs that the client gave for its parameters
   */
  static Future<NameResolution> ask(
      List<ScannedStatement> statements,
      Optional<String> query,
      List<Integer> parameterTypes,
      MirroredDatabase database,
      Upstream upstream) {
    List<List<String>> names =
        statements.stream()
            .flatMap(statement -> statement.names().stream())
            .map(NameReference::parts)
            .filter(parts -> database.mayName(parts))
            .distinct()
            .toList();
    Injection questions = new Injection().run(question(names));
    query.ifPresent(text -> questions.describe(text, parameterTypes));
    return upstream.ask(questions).map(reply -> read(reply, names, database));
  }

  private static String question(List<List<String>> names) {
    return names.stream()
        .map(parts -> "pg_catalog.to_regclass(" + quoted(parts) + ")::pg_catalog.oid")
        .map(oid -> readable(oid) + ", " + children(oid))
        .collect(Collectors.joining(", ", "SELECT pg_catalog.current_schema(), ", ""))
        .replaceFirst(", $", "");
  }

  /** A name as a string that {@code regclass} takes. */
  static String quoted(List<String> parts) {
    return SqlQuoting.literal(
        parts.stream().map(SqlQuoting::identifier).collect(Collectors.joining(".")));
  }

  /** What the role may not read is PostgreSQL's to refuse. */
  private static String readable(String oid) {
    return "CASE WHEN pg_catalog.has_table_privilege(" + oid + ", 'SELECT') THEN " + oid + " END";
  }

  private static String children(String oid) {
    return "(SELECT pg_catalog.count(*) FROM pg_catalog.pg_inherits WHERE inhparent = " + oid + ")";
  }

  private static NameResolution read(
      InjectedReply reply, List<List<String>> names, MirroredDatabase database) {
    Map<List<String>, Shell> shells = new HashMap<>();
    Map<List<String>, Long> oids = new HashMap<>();
    Set<List<String>> parents = new HashSet<>();
    String currentSchema = "";
    if (!reply.rows().isEmpty()) {
      List<Optional<String>> row = new ArrayList<>(reply.rows().get(0));
      currentSchema = row.get(0).filter(database::hasSchema).orElse("");
      for (int i = 0; i < names.size(); i++) {
        List<String> parts = names.get(i);
        Optional<Long> oid = row.get(2 * i + 1).map(Long::parseLong);
        int children = row.get(2 * i + 2).map(Integer::parseInt).orElse(0);
        oid.flatMap(database::shell)
            .ifPresent(
                shell -> {
                  shells.put(parts, shell);
                  oids.put(parts, oid.get());
                  if (children > (database.isForeign(oid.get()) ? 0 : 1)) {
                    parents.add(parts);
                  }
                });
      }
    }
    return new NameResolution(
        currentSchema,
        shells,
        oids,
        parents,
        reply.parameterTypes(),
        reply.fields(),
        reply.error());
  }
}
