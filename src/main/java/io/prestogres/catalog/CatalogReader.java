package io.prestogres.catalog;

import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoSession;
import io.prestogres.presto.PrestoType;
import io.prestogres.sql.ShellColumn;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the metadata of a Presto catalog, schema by schema, so that a schema that cannot be read
 * costs itself alone.
 */
final class CatalogReader {
  /** Presto has it in every catalog; PostgreSQL has its own. */
  private static final Set<String> LEFT_OUT = Set.of("information_schema");

  /** Schemas read at the same time. */
  private static final int READERS = 4;

  private final PrestoClient presto;
  private final PrestoSession session;
  private final List<String> unlisted;

  CatalogReader(PrestoClient presto, PrestoSession session, List<String> unlisted) {
    this.presto = presto;
    this.unlisted = unlisted;
    this.session = session;
  }

  /** The names of all catalogs. */
  Future<Set<String>> catalogs() {
    return MetadataRows.read(presto, "SHOW CATALOGS", session)
        .map(rows -> Set.copyOf(rows.stream().map(row -> row.get(0)).toList()));
  }

  /** Everything in one catalog. */
  Future<PrestoMetadata> read(String catalog) {
    return schemas(catalog)
        .compose(
            schemas ->
                NanOrder.isPostgresqls(presto, session)
                    .compose(nanIsGreatest -> readSchemas(catalog, schemas, nanIsGreatest)))
        .compose(this::addUnlisted);
  }

  private Future<List<String>> schemas(String catalog) {
    return MetadataRows.read(
            presto,
            "SELECT schema_name FROM "
                + quoted(catalog)
                + ".information_schema.schemata ORDER BY schema_name",
            session)
        .map(
            rows ->
                rows.stream()
                    .map(row -> row.get(0))
                    .filter(schema -> !LEFT_OUT.contains(schema))
                    .toList());
  }

  private Future<PrestoMetadata> addUnlisted(PrestoMetadata listed) {
    List<String> more =
        unlisted.stream().filter(schema -> !listed.schemas().contains(schema)).toList();
    return readSchemas(listed.catalog(), more, listed.nanIsGreatest())
        .map(found -> listed.with(found));
  }

  private Future<PrestoMetadata> readSchemas(
      String catalog, List<String> schemas, boolean nanIsGreatest) {
    List<PrestoTable> tables = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    List<CatalogProblem> problems = new ArrayList<>();
    List<Future<Void>> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(Future.succeededFuture());
    }
    for (int i = 0; i < schemas.size(); i++) {
      String schema = schemas.get(i);
      readers.set(
          i % READERS,
          readers
              .get(i % READERS)
              .compose(
                  previous ->
                      readSchema(catalog, schema)
                          .onSuccess(tables::addAll)
                          .onFailure(
                              failure -> {
                                unread.add(schema);
                                problems.add(
                                    new CatalogProblem(
                                        schema, "", "cannot be read: " + failure.getMessage()));
                              })
                          .otherwise(List.of())
                          .mapEmpty()));
    }
    return Future.join(readers)
        .map(done -> new PrestoMetadata(catalog, schemas, tables, unread, problems, nanIsGreatest));
  }

  private Future<List<PrestoTable>> readSchema(String catalog, String schema) {
    return MetadataRows.read(
            presto,
            "SELECT table_name, column_name, data_type FROM "
                + quoted(catalog)
                + ".information_schema.columns WHERE table_schema = '"
                + schema.replace("'", "''")
                + "' ORDER BY table_name, ordinal_position",
            session)
        .map(rows -> tables(schema, rows));
  }

  private static List<PrestoTable> tables(String schema, List<List<String>> rows) {
    Map<String, List<ShellColumn>> columns = new LinkedHashMap<>();
    for (List<String> row : rows) {
      String type = row.get(2);
      columns
          .computeIfAbsent(row.get(0), table -> new ArrayList<>())
          .add(new ShellColumn(row.get(1), type, PrestoType.parse(type).postgresType()));
    }
    return columns.entrySet().stream()
        .map(table -> new PrestoTable(schema, table.getKey(), table.getValue()))
        .toList();
  }

  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }
}
