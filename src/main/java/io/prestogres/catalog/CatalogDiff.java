package io.prestogres.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What has to be done to PostgreSQL so that its shells are those of Presto: a pure function of what
 * Presto has and what stands. Nothing that the mirror did not make is touched.
 */
final class CatalogDiff {
  /** PostgreSQL's system columns; no table can have a column of such a name. */
  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

  private final PrestoMetadata wanted;
  private final StandingCatalog standing;
  private final ShellForm form;
  private final boolean shared;
  private final List<TableChange> changes = new ArrayList<>();
  private final List<CatalogProblem> problems = new ArrayList<>();
  private final Map<String, Map<String, StandingTable>> left = new TreeMap<>();

  private CatalogDiff(
      PrestoMetadata wanted, StandingCatalog standing, ShellKind kind, boolean shared) {
    this.wanted = wanted;
    this.standing = standing;
    this.form = new ShellForm(kind, standing.storageTold());
    this.shared = shared;
    this.problems.addAll(wanted.problems());
    for (StandingTable table : standing.tables()) {
      left.computeIfAbsent(table.shell().schema(), schema -> new TreeMap<>())
          .put(table.shell().name(), table);
    }
  }

  /**
   * What is to be done.
   *
   * @param changes in order
   * @param problems what is left out, and why
   */
  record Result(List<TableChange> changes, List<CatalogProblem> problems) {
    Result {
      changes = List.copyOf(changes);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Compares.
   *
   * @param kind that all shells should be of
   * @param shared whether everybody may read them
   */
  static Result of(
      PrestoMetadata wanted, StandingCatalog standing, ShellKind kind, boolean shared) {
    CatalogDiff diff = new CatalogDiff(wanted, standing, kind, shared);
    diff.run();
    return new Result(diff.changes, diff.problems);
  }

  private void run() {
    List<SchemaRead> mirrored = new ArrayList<>();
    for (SchemaRead schema : wanted.schemas()) {
      problems.addAll(schema.problems());
      if (mayMirror(schema.schema())) {
        mirrored.add(schema);
      }
    }
    for (SchemaRead schema : mirrored) {
      Map<String, StandingTable> stand =
          Optional.ofNullable(left.remove(schema.schema())).orElseGet(HashMap::new);
      schema
          .tables()
          .forEach(table -> table(table, Optional.ofNullable(stand.remove(table.name()))));
      if (schema.complete()) {
        stand.values().forEach(this::drop);
      } else {
        stand.values().forEach(this::complete);
      }
    }
    left.values().forEach(tables -> tables.values().forEach(this::drop));
    Set<String> names = new HashSet<>(wanted.schemaNames());
    standing.mirroredSchemas().stream()
        .sorted()
        .filter(schema -> !names.contains(schema))
        .forEach(schema -> changes.add(TableChange.of(schema, "", ShellSql.dropSchema(schema))));
  }

  /** A shell of which nothing is known today: all it needs is its child, or it answers nothing. */
  private void complete(StandingTable table) {
    if (!table.child()) {
      changes.add(ShellSql.missingChild(table));
    }
  }

  private boolean mayMirror(String schema) {
    if (standing.mirroredSchemas().contains(schema)) {
      if (standing.perUserSchemas().contains(schema) == shared) {
        changes.add(
            TableChange.ofSchema(
                schema, ShellSql.share(schema, standing.tablesOf(schema), shared)));
      }
      return true;
    }
    if (schema.startsWith("pg_") || unsuitable(schema)) {
      problems.add(new CatalogProblem(schema, "", "PostgreSQL cannot have a schema of this name"));
      return false;
    }
    if (standing.otherSchemas().contains(schema) && !schema.equals(ShellSql.PUBLIC)) {
      problems.add(
          new CatalogProblem(
              schema, "", "a schema of this name was made by somebody else; it is left alone"));
      return false;
    }
    changes.add(TableChange.ofSchema(schema, ShellSql.createSchema(schema, shared)));
    return true;
  }

  private void table(PrestoTable table, Optional<StandingTable> stands) {
    String reason = refusal(table);
    if (!reason.isEmpty()) {
      problems.add(new CatalogProblem(table.schema(), table.name(), reason));
      stands.ifPresent(this::drop);
    } else if (stands.isPresent()) {
      ColumnChanges.of(table, stands.get(), form).ifPresent(changes::add);
    } else if (standing.otherTables().contains(table.schema() + "\0" + table.name())) {
      problems.add(
          new CatalogProblem(
              table.schema(),
              table.name(),
              "a table of this name was made by somebody else; it is left alone"));
    } else {
      changes.add(TableChange.of(table.schema(), table.name(), ShellSql.create(table, form)));
    }
  }

  private static String refusal(PrestoTable table) {
    if (unsuitable(table.name())) {
      return "PostgreSQL cannot have a table of this name, which is too long or no text";
    }
    if (table.columns().size() > ColumnChanges.MAX_COLUMNS) {
      return "it has more than " + ColumnChanges.MAX_COLUMNS + " columns";
    }
    Set<String> names = new HashSet<>();
    for (TableColumn column : table.columns()) {
      if (unsuitable(column.name())
          || SYSTEM_COLUMNS.contains(column.name())
          || !names.add(column.name())) {
        return "PostgreSQL cannot have a column \"" + column.name() + "\" here";
      }
    }
    return "";
  }

  /** PostgreSQL would cut it, or has no such text. */
  private static boolean unsuitable(String name) {
    return name.isEmpty()
        || ShellSql.tooLong(name)
        || name.codePoints().anyMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
  }

  private void drop(StandingTable table) {
    changes.add(TableChange.of(table.shell().schema(), table.shell().name(), ShellSql.drop(table)));
  }
}
