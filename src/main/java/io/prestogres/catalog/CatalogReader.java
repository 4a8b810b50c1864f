package io.prestogres.catalog;

import io.prestogres.config.CatalogConfig;
import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoSession;
import io.prestogres.sql.CreateTableText;
import io.prestogres.sql.Shell;
import io.prestogres.sql.SqlQuoting;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the metadata of a Presto catalog, schema by schema, so that a schema that cannot be read
 * costs itself alone.
 */
final class CatalogReader {
  /** Presto has it in every catalog; PostgreSQL has its own. */
  private static final Set<String> LEFT_OUT = Set.of("information_schema");

  /** Schemas read at the same time. */
  private static final int READERS = 4;

  /** So many schemas are asked for one by one. */
  private static final int FEW_SCHEMAS = 4;

  private final Vertx vertx;
  private final PrestoClient presto;
  private final PrestoSession session;
  private final CatalogConfig config;
  private final SchemaFilter filter;
  private final SchemaReader reader;

  CatalogReader(
      Vertx vertx,
      PrestoClient presto,
      PrestoSession session,
      SchemaReader.Dialect dialect,
      CatalogConfig config) {
    this.vertx = vertx;
    this.presto = presto;
    this.session = session;
    this.config = config;
    this.filter = new SchemaFilter(config);
    this.reader = new SchemaReader(vertx, presto, session, dialect, filter, config.readTimeout());
  }

  /** The names of all catalogs. */
  Future<Set<String>> catalogs() {
    return rows("SHOW CATALOGS")
        .map(rows -> Set.copyOf(rows.stream().map(row -> row.get(0)).toList()));
  }

  /** What the connector knows of a table's size; fails for views. */
  Future<Optional<TableStatistics>> statistics(String catalog, Shell shell) {
    return rows("SHOW STATS FOR " + name(catalog, shell)).map(TableStatistics::of);
  }

  /** The comment of a table, "" if it has none; fails for views. */
  Future<String> comment(String catalog, Shell shell) {
    return rows("SHOW CREATE TABLE " + name(catalog, shell))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .flatMap(row -> CreateTableText.comment(row.get(0)))
                    .map(comment -> comment.replace("\0", ""))
                    .orElseThrow(
                        () -> new IllegalArgumentException("SHOW CREATE TABLE tells no table")));
  }

  private static String name(String catalog, Shell shell) {
    return Stream.of(catalog, shell.prestoSchema(), shell.prestoTable())
        .map(SqlQuoting::prestoIdentifier)
        .collect(Collectors.joining("."));
  }

  private Future<List<List<String>>> rows(String sql) {
    return rows(sql, session);
  }

  private Future<List<List<String>>> rows(String sql, PrestoSession asking) {
    return MetadataRows.read(vertx, presto, sql, asking, config.readTimeout());
  }

  /**
   * The tables that Presto lets somebody see.
   *
   * @param schemas those asked for
   * @param asking who asks
   * @return as schema, NUL, name
   */
  Future<Set<String>> visible(String catalog, Set<String> schemas, PrestoSession asking) {
    Queue<String> conditions = new ArrayDeque<>();
    boolean few = schemas.size() <= FEW_SCHEMAS;
    if (!few) {
      conditions.add("");
    }
    // Presto lists every schema unless it is asked for one alone, and none that is unlisted then.
    schemas.stream()
        .filter(schema -> few || config.unlistedSchemas().contains(schema))
        .forEach(
            schema -> conditions.add(" WHERE table_schema = " + SqlQuoting.prestoLiteral(schema)));
    return visible(catalog, conditions, asking, new HashSet<>());
  }

  private Future<Set<String>> visible(
      String catalog, Queue<String> conditions, PrestoSession asking, Set<String> found) {
    String condition = conditions.poll();
    return condition == null
        ? Future.succeededFuture(found)
        : rows(
                "SELECT table_schema, table_name FROM "
                    + SqlQuoting.prestoIdentifier(catalog)
                    + ".information_schema.tables"
                    + condition,
                asking)
            .compose(
                rows -> {
                  rows.forEach(row -> found.add(row.get(0) + "\0" + row.get(1)));
                  return visible(catalog, conditions, asking, found);
                });
  }

  /**
   * One catalog.
   *
   * @param wanted the schemas whose tables are read
   */
  Future<PrestoMetadata> read(String catalog, Predicate<String> wanted) {
    return schemas(catalog)
        .compose(
            schemas ->
                NanOrder.isPostgresqls(presto, session)
                    .compose(
                        nanIsGreatest ->
                            readSchemas(catalog, schemas, wanted)
                                .map(read -> limited(catalog, read, nanIsGreatest))));
  }

  private Future<List<String>> schemas(String catalog) {
    return rows("SELECT schema_name FROM "
            + SqlQuoting.prestoIdentifier(catalog)
            + ".information_schema.schemata ORDER BY schema_name")
        .map(
            rows ->
                rows.stream()
                    .map(row -> row.get(0))
                    .filter(schema -> !LEFT_OUT.contains(schema) && filter.shows(schema))
                    .toList());
  }

  private Future<List<SchemaRead>> readSchemas(
      String catalog, List<String> schemas, Predicate<String> wanted) {
    List<SchemaRead> reads = new ArrayList<>();
    Queue<String> names = new ArrayDeque<>();
    Set<String> listed = Set.copyOf(schemas);
    for (String schema : schemas) {
      if (wanted.test(schema)) {
        names.add(schema);
      } else {
        reads.add(SchemaRead.left(schema));
      }
    }
    config.unlistedSchemas().stream()
        .filter(schema -> !listed.contains(schema) && filter.shows(schema))
        .forEach(names::add);
    List<Future<Void>> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(next(catalog, names, reads));
    }
    return Future.join(readers)
        .map(
            done ->
                reads.stream()
                    // A schema that Presto does not list is there if it has tables.
                    .filter(read -> listed.contains(read.schema()) || !read.tables().isEmpty())
                    .sorted(Comparator.comparing(SchemaRead::schema))
                    .toList());
  }

  private Future<Void> next(String catalog, Queue<String> names, List<SchemaRead> reads) {
    String schema = names.poll();
    return schema == null
        ? Future.succeededFuture()
        : reader
            .read(catalog, schema)
            .onSuccess(reads::add)
            .compose(read -> next(catalog, names, reads));
  }

  /** Without the tables that are too many. */
  private PrestoMetadata limited(String catalog, List<SchemaRead> schemas, boolean nanIsGreatest) {
    List<SchemaRead> kept = new ArrayList<>();
    List<CatalogProblem> problems = new ArrayList<>();
    int room = config.maxTables();
    for (SchemaRead schema : schemas) {
      int count = schema.tables().size();
      if (count > room) {
        problems.add(
            new CatalogProblem(
                schema.schema(),
                "",
                "%d of its tables are left out: max-tables is %d"
                    .formatted(count - room, config.maxTables())));
      }
      int most = Math.min(count, room);
      room -= most;
      kept.add(
          new SchemaRead(
              schema.schema(),
              schema.tables().subList(0, most),
              schema.complete(),
              schema.problems(),
              schema.took()));
    }
    return new PrestoMetadata(catalog, kept, problems, nanIsGreatest);
  }
}
