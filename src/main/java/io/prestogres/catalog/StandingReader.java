package io.prestogres.catalog;

import io.prestogres.sql.Shell;
import io.prestogres.sql.ShellColumn;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what stands in a database, in three round trips however many shells there are. */
final class StandingReader {
  /** A row for each shell, its columns in order. */
  private static final String SHELLS =
      """
      SELECT c.oid::bigint AS oid, s.schema_name, s.table_name, s.presto_types::text AS presto_types,
             s.comments::text AS comments, c.relnatts::integer AS attributes,
             c.relkind::text AS kind,
             c.relkind = 'f' OR EXISTS (SELECT FROM pg_catalog.pg_inherits i
                                        WHERE i.inhparent = c.oid) AS child,
             ARRAY(SELECT a.attname::text
                   FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   ORDER BY a.attnum) AS names,
             ARRAY(SELECT pg_catalog.format_type(a.atttypid, a.atttypmod)
                   FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   ORDER BY a.attnum) AS types,
             ARRAY(SELECT a.attname::text
                   FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attnotnull
                     AND NOT a.attisdropped) AS not_null
      FROM prestogres.shell s
      JOIN pg_catalog.pg_namespace n ON n.nspname = s.schema_name
      JOIN pg_catalog.pg_class c
        ON c.relnamespace = n.oid AND c.relname = s.table_name AND c.relkind IN ('r', 'p', 'f')
      """;

  /** The schemas, and which of them are the mirror's. */
  private static final String SCHEMAS =
      """
      SELECT n.nspname::text AS schema, m.schema_name IS NOT NULL AS mirrored,
             COALESCE(m.per_user, false) AS per_user
      FROM pg_catalog.pg_namespace n
      LEFT JOIN prestogres.mirrored_schema m ON m.schema_name = n.nspname
      """;

  /**
   * What is in schemas of the mirror, or in the one it may share, and is none of its shells.
   * Indexes, sequences and types have the names of tables, too.
   */
  private static final String OTHER_TABLES =
      """
      SELECT n.nspname::text AS schema, x.name
      FROM (SELECT relnamespace, relname::text AS name FROM pg_catalog.pg_class
            UNION
            SELECT typnamespace, typname::text FROM pg_catalog.pg_type
            WHERE typrelid = 0 AND typelem = 0) AS x (namespace, name)
      JOIN pg_catalog.pg_namespace n ON n.oid = x.namespace
      LEFT JOIN prestogres.shell s ON s.schema_name = n.nspname AND s.table_name = x.name
      WHERE s.schema_name IS NULL
        AND (n.nspname = 'public'
             OR n.nspname IN (SELECT schema_name FROM prestogres.mirrored_schema))
      """;

  /** Whether the database orders text by its bytes, and what its PostgreSQL can do. */
  private static final String DATABASE =
      """
      SELECT datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') AS bytewise,
             pg_catalog.current_setting('server_version_num')::integer >= 160000 AS storage_told
      FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
      """;

  private final SqlConnection connection;
  private final MirrorParts parts;

  StandingReader(SqlConnection connection, MirrorParts parts) {
    this.connection = connection;
    this.parts = parts;
  }

  /** All of it; the shells are of this catalog. */
  Future<StandingCatalog> read(String catalog) {
    return query(SHELLS)
        .compose(rows -> parts.work(() -> tables(catalog, rows)))
        .compose(this::surroundings);
  }

  /** By the extended protocol: in it arrays are binary, and no text in them has to be unescaped. */
  private Future<RowSet<Row>> query(String sql) {
    return connection.preparedQuery(sql).execute();
  }

  private static List<StandingTable> tables(String catalog, RowSet<Row> rows) {
    List<StandingTable> tables = new ArrayList<>(rows.size());
    for (Row row : rows) {
      JsonObject types = new JsonObject(row.getString("presto_types"));
      String[] names = row.getArrayOfStrings("names");
      String[] postgresTypes = row.getArrayOfStrings("types");
      List<ShellColumn> columns = new ArrayList<>(names.length);
      for (int i = 0; i < names.length; i++) {
        columns.add(
            new ShellColumn(names[i], types.getString(names[i], "unknown"), postgresTypes[i]));
      }
      String schema = row.getString("schema_name");
      String name = row.getString("table_name");
      tables.add(
          new StandingTable(
              row.getLong("oid"),
              new Shell(catalog, schema, name, schema, name, columns),
              Set.of(row.getArrayOfStrings("not_null")),
              comments(row.getString("comments")),
              row.getInteger("attributes"),
              ShellKind.ofRelkind(row.getString("kind")),
              row.getBoolean("child")));
    }
    return tables;
  }

  private static Map<String, String> comments(String json) {
    if (json.equals("{}")) {
      return Map.of();
    }
    Map<String, String> comments = new HashMap<>();
    new JsonObject(json)
        .forEach(entry -> comments.put(entry.getKey(), entry.getValue().toString()));
    return comments;
  }

  private Future<StandingCatalog> surroundings(List<StandingTable> tables) {
    Set<String> mirrored = new HashSet<>();
    Set<String> perUser = new HashSet<>();
    Set<String> others = new HashSet<>();
    Set<String> otherTables = new HashSet<>();
    return query(SCHEMAS)
        .onSuccess(
            rows ->
                rows.forEach(
                    row -> {
                      (row.getBoolean("mirrored") ? mirrored : others).add(row.getString("schema"));
                      if (row.getBoolean("per_user")) {
                        perUser.add(row.getString("schema"));
                      }
                    }))
        .compose(rows -> query(OTHER_TABLES))
        .onSuccess(
            rows ->
                rows.forEach(
                    row -> otherTables.add(row.getString("schema") + "\0" + row.getString("name"))))
        .compose(rows -> query(DATABASE))
        .map(
            rows ->
                new StandingCatalog(
                    tables,
                    mirrored,
                    perUser,
                    others,
                    otherTables,
                    rows.iterator().next().getBoolean("bytewise"),
                    rows.iterator().next().getBoolean("storage_told")));
  }
}
