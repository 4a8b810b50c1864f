package io.prestogres.catalog;

import io.prestogres.sql.SqlQuoting;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;

/**
 * What pg_dump has to leave out of a database so that nothing of the mirror is in the dump: neither
 * its thousands of tables nor, through the proxy, their rows.
 */
public final class DumpExclusions {
  /** The schemas that are the mirror's own, before those of Presto. */
  private static final List<String> OWN = List.of("prestogres", ShellSql.CHILDREN);

  private static final String SCHEMAS =
      "SELECT schema_name AS name FROM prestogres.mirrored_schema WHERE schema_name <> 'public'"
          + " ORDER BY 1";

  /** The only schema that the mirror shares. */
  private static final String TABLES =
      "SELECT table_name AS name FROM prestogres.shell WHERE schema_name = 'public' ORDER BY 1";

  private DumpExclusions() {}

  /**
   * The options for pg_dump.
   *
   * @return none if no catalog was ever shown in the database; fails if it cannot be asked
   */
  public static Future<List<String>> of(ControlConnections connections, String database) {
    return connections
        .pool(database)
        .withConnection(
            connection ->
                new MirrorStore(connection)
                    .founded()
                    .compose(
                        founded -> founded ? read(connection) : Future.succeededFuture(List.of())));
  }

  private static Future<List<String>> read(SqlConnection connection) {
    List<String> options = new ArrayList<>();
    OWN.forEach(schema -> options.add(schema(schema)));
    return names(connection, SCHEMAS)
        .onSuccess(schemas -> schemas.forEach(schema -> options.add(schema(schema))))
        .compose(done -> names(connection, TABLES))
        .onSuccess(
            tables ->
                tables.forEach(
                    table ->
                        options.add(
                            "--exclude-table=" + SqlQuoting.name(List.of(ShellSql.PUBLIC, table)))))
        .map(done -> List.copyOf(options));
  }

  private static Future<List<String>> names(SqlConnection connection, String sql) {
    return connection
        .query(sql)
        .execute()
        .map(
            rows -> {
              List<String> names = new ArrayList<>();
              rows.forEach(row -> names.add(row.getString("name")));
              return names;
            });
  }

  /** In quotes a pattern of pg_dump is a name. */
  private static String schema(String name) {
    return "--exclude-schema=" + SqlQuoting.identifier(name);
  }
}
