package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.identifier;
import static io.prestogres.sql.SqlQuoting.literal;

import io.prestogres.sql.Shell;
import io.prestogres.sql.ShellColumn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What has to be done to PostgreSQL so that its shells are those of Presto: a pure function of what
 * Presto has and what stands. Nothing that the mirror did not make is touched.
 */
final class CatalogDiff {
  /** NAMEDATALEN - 1: longer names would be cut by PostgreSQL. */
  static final int MAX_NAME_BYTES = 63;

  /** MaxHeapAttributeNumber. */
  static final int MAX_COLUMNS = 1600;

  /** PostgreSQL's system columns; no table can have a column of such a name. */
  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

  private final PrestoMetadata wanted;
  private final StandingCatalog standing;
  private final List<List<String>> changes = new ArrayList<>();
  private final List<CatalogProblem> problems = new ArrayList<>();

  private CatalogDiff(PrestoMetadata wanted, StandingCatalog standing) {
    this.wanted = wanted;
    this.standing = standing;
    this.problems.addAll(wanted.problems());
  }

  /**
   * What is to be done.
   *
   * @param changes one list of statements for each schema or table, in order
   * @param problems what is left out, and why
   */
  record Result(List<List<String>> changes, List<CatalogProblem> problems) {}

  static Result of(PrestoMetadata wanted, StandingCatalog standing) {
    CatalogDiff diff = new CatalogDiff(wanted, standing);
    diff.run();
    return new Result(List.copyOf(diff.changes), List.copyOf(diff.problems));
  }

  private void run() {
    Set<String> mirrored = new TreeSet<>();
    for (String schema : wanted.schemas()) {
      if (mayMirror(schema)) {
        mirrored.add(schema);
      }
    }
    // A shell without its child would answer nothing.
    standing.childless().stream()
        .map(standing.shells()::get)
        .forEach(shell -> changes.add(List.of(createChild(shell.schema(), shell.name()))));
    Map<String, Shell> left = new LinkedHashMap<>();
    standing.shells().forEach((oid, shell) -> left.put(key(shell.schema(), shell.name()), shell));
    for (PrestoTable table : wanted.tables()) {
      if (mirrored.contains(table.schema())) {
        Shell shell = left.remove(key(table.schema(), table.name()));
        table(table, shell == null ? List.of() : List.of(shell));
      }
    }
    left.values().stream()
        .filter(shell -> !wanted.unreadSchemas().contains(shell.schema()))
        .forEach(this::drop);
  }

  private boolean mayMirror(String schema) {
    if (standing.mirroredSchemas().contains(schema)) {
      return true;
    }
    if (schema.startsWith("pg_") || tooLong(schema)) {
      problems.add(new CatalogProblem(schema, "", "PostgreSQL cannot have a schema of this name"));
      return false;
    }
    if (standing.otherSchemas().contains(schema)) {
      problems.add(
          new CatalogProblem(
              schema, "", "a schema of this name was made by somebody else; it is left alone"));
      return false;
    }
    changes.add(
        List.of(
            "CREATE SCHEMA " + identifier(schema),
            "GRANT USAGE ON SCHEMA " + identifier(schema) + " TO PUBLIC",
            "INSERT INTO prestogres.mirrored_schema VALUES (" + literal(schema) + ")"));
    return true;
  }

  private void table(PrestoTable table, List<Shell> shell) {
    String reason = refusal(table);
    if (!reason.isEmpty()) {
      problems.add(new CatalogProblem(table.schema(), table.name(), reason));
      shell.forEach(this::drop);
    } else if (shell.isEmpty()) {
      if (standing.otherTables().contains(key(table.schema(), table.name()))) {
        problems.add(
            new CatalogProblem(
                table.schema(),
                table.name(),
                "a table of this name was made by somebody else; it is left alone"));
      } else {
        changes.add(create(table));
      }
    } else {
      List<String> changed = alter(table, shell.get(0));
      if (!changed.isEmpty()) {
        changes.add(changed);
      }
    }
  }

  private static String refusal(PrestoTable table) {
    if (tooLong(table.name())) {
      return "the name is too long for PostgreSQL";
    }
    if (table.columns().size() > MAX_COLUMNS) {
      return "it has more than " + MAX_COLUMNS + " columns";
    }
    Set<String> names = new HashSet<>();
    for (ShellColumn column : table.columns()) {
      if (tooLong(column.name())) {
        return "the name of column \"" + column.name() + "\" is too long for PostgreSQL";
      }
      if (SYSTEM_COLUMNS.contains(column.name()) || !names.add(column.name())) {
        return "PostgreSQL cannot have a column \"" + column.name() + "\" here";
      }
    }
    return "";
  }

  private static List<String> create(PrestoTable table) {
    String name = qualified(table.schema(), table.name());
    String columns =
        table.columns().stream()
            .map(column -> identifier(column.name()) + " " + column.postgresType())
            .collect(Collectors.joining(", "));
    return List.of(
        "CREATE TABLE "
            + name
            + " ("
            + columns
            + ", CONSTRAINT \"rows are in Presto\" CHECK (false) NO INHERIT)",
        "GRANT SELECT ON " + name + " TO PUBLIC",
        createChild(table.schema(), table.name()),
        record(table));
  }

  /** The foreign table through which a shell answers when nobody has rewritten the statement. */
  static String createChild(String schema, String table) {
    return "CREATE FOREIGN TABLE prestogres_scan."
        + identifier(childName(schema, table))
        + " () INHERITS ("
        + qualified(schema, table)
        + ") SERVER prestogres_scan OPTIONS (schema_name "
        + literal(schema)
        + ", table_name "
        + literal(table)
        + ")";
  }

  private static String record(PrestoTable table) {
    String types =
        table.columns().stream()
            .map(column -> literal(column.name()) + ", " + literal(column.prestoType()) + "::text")
            .collect(Collectors.joining(", "));
    return "INSERT INTO prestogres.shell VALUES ("
        + literal(table.schema())
        + ", "
        + literal(table.name())
        + ", jsonb_object(ARRAY["
        + types
        + "]::text[])) ON CONFLICT (schema_name, table_name) DO UPDATE"
        + " SET presto_types = excluded.presto_types";
  }

  private static List<String> alter(PrestoTable table, Shell shell) {
    String name = qualified(table.schema(), table.name());
    Map<String, ShellColumn> stand = new HashMap<>();
    shell.columns().forEach(column -> stand.put(column.name(), column));
    List<String> actions = new ArrayList<>();
    boolean typesChanged = false;
    for (ShellColumn column : table.columns()) {
      ShellColumn old = stand.remove(column.name());
      if (old == null) {
        actions.add("ADD COLUMN " + identifier(column.name()) + " " + column.postgresType());
      } else if (!old.postgresType().equals(column.postgresType())) {
        // The child is foreign, and ALTER TYPE … USING is refused there. No row is lost: none is
        // here.
        actions.add("DROP COLUMN " + identifier(column.name()));
        actions.add("ADD COLUMN " + identifier(column.name()) + " " + column.postgresType());
      } else if (!old.prestoType().equals(column.prestoType())) {
        typesChanged = true;
      }
    }
    stand.keySet().forEach(column -> actions.add("DROP COLUMN " + identifier(column)));
    List<String> statements = new ArrayList<>();
    if (!actions.isEmpty()) {
      statements.add("ALTER TABLE " + name + " " + String.join(", ", actions));
    }
    if (typesChanged || !actions.isEmpty()) {
      statements.add(record(table));
    }
    return statements;
  }

  private void drop(Shell shell) {
    changes.add(
        List.of(
            "DROP FOREIGN TABLE IF EXISTS prestogres_scan."
                + identifier(childName(shell.schema(), shell.name())),
            "DROP TABLE " + qualified(shell.schema(), shell.name()),
            "DELETE FROM prestogres.shell WHERE schema_name = "
                + literal(shell.schema())
                + " AND table_name = "
                + literal(shell.name())));
  }

  private static String qualified(String schema, String table) {
    return identifier(schema) + "." + identifier(table);
  }

  /**
   * The child's name in prestogres_scan: readable, and made unique where it would be too long or
   * mean two tables, as a.b.c would.
   */
  static String childName(String schema, String table) {
    String name = schema + "." + table;
    if (!tooLong(name) && schema.indexOf('.') < 0) {
      return name;
    }
    String digest = Digests.sha256Hex(key(schema, table)).substring(0, 24);
    return name.codePoints()
            .limit(9)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        + "~"
        + digest;
  }

  private static String key(String schema, String table) {
    return schema + "\0" + table;
  }

  private static boolean tooLong(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES;
  }
}
