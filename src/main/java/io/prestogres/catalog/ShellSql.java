package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.identifier;
import static io.prestogres.sql.SqlQuoting.literal;

import io.prestogres.sql.Shell;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The statements that make and drop shells; run as {@link Foundation#OWNER}. */
final class ShellSql {
  /** NAMEDATALEN - 1: longer names would be cut by PostgreSQL. */
  static final int MAX_NAME_BYTES = 63;

  /** PostgreSQL's own schema for everybody's tables: the mirror uses it, and never drops it. */
  static final String PUBLIC = "public";

  /** Where the foreign children are. */
  static final String CHILDREN = "prestogres_scan";

  /** Tables named by one GRANT. */
  private static final int MOST_TABLES = 500;

  private ShellSql() {}

  /**
   * Makes a schema.
   *
   * @param shared whether tables made there are readable for all at once, without a GRANT for each
   */
  static List<String> createSchema(String schema, boolean shared) {
    String name = identifier(schema);
    List<String> statements = new ArrayList<>();
    if (schema.equals(PUBLIC)) {
      statements.add("RESET ROLE");
      statements.add(ControlRights.onPublic());
      statements.add("SET LOCAL ROLE " + Foundation.OWNER);
    } else {
      statements.add("CREATE SCHEMA " + name);
      statements.add("GRANT USAGE ON SCHEMA " + name + " TO PUBLIC");
    }
    if (shared) {
      statements.add(
          "ALTER DEFAULT PRIVILEGES IN SCHEMA " + name + " GRANT SELECT ON TABLES TO PUBLIC");
    }
    statements.add(
        "INSERT INTO prestogres.mirrored_schema VALUES (" + literal(schema) + ", " + !shared + ")");
    return statements;
  }

  /**
   * Has everybody read the shells of a schema, those to come too, or nobody who is not granted it.
   *
   * @param tables the shells that stand, as {@link #name} has them
   */
  static List<String> share(String schema, List<String> tables, boolean shared) {
    String verb = shared ? "GRANT SELECT" : "REVOKE SELECT";
    String end = shared ? "TO PUBLIC" : "FROM PUBLIC";
    List<String> statements = new ArrayList<>();
    statements.add(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA "
            + identifier(schema)
            + " "
            + verb
            + " ON TABLES "
            + end);
    statements.addAll(onTables(verb, tables, end));
    statements.add(
        "UPDATE prestogres.mirrored_schema SET per_user = "
            + !shared
            + " WHERE schema_name = "
            + literal(schema));
    return statements;
  }

  /** One statement for many tables at a time. */
  static List<String> onTables(String verb, List<String> tables, String end) {
    List<String> statements = new ArrayList<>();
    for (int from = 0; from < tables.size(); from += MOST_TABLES) {
      List<String> some = tables.subList(from, Math.min(tables.size(), from + MOST_TABLES));
      statements.add(verb + " ON " + String.join(", ", some) + " " + end);
    }
    return statements;
  }

  /** Fails if somebody has put something of his own there. */
  static List<String> dropSchema(String schema) {
    String forget = "DELETE FROM prestogres.mirrored_schema WHERE schema_name = " + literal(schema);
    return schema.equals(PUBLIC)
        ? List.of(forget)
        : List.of("DROP SCHEMA " + identifier(schema), forget);
  }

  static List<String> create(PrestoTable table, ShellForm form) {
    ShellKind kind = form.kind();
    String schema = table.schema();
    String name = table.name();
    List<String> statements = new ArrayList<>();
    statements.add(
        kind.create(
            schema,
            name,
            table.columns().stream().map(form::definition).collect(Collectors.joining(", "))));
    kind.child(schema, name).ifPresent(statements::add);
    statements.addAll(comments(table, Map.of(), kind));
    statements.add(record(table));
    return statements;
  }

  /** Gives a shell the child that it lacks. */
  static TableChange missingChild(StandingTable table) {
    Shell shell = table.shell();
    return TableChange.of(
        shell.schema(),
        shell.name(),
        table.kind().child(shell.schema(), shell.name()).stream().toList());
  }

  static String dropChild(String schema, String table) {
    return "DROP FOREIGN TABLE IF EXISTS prestogres_scan." + identifier(childName(schema, table));
  }

  /** Not with CASCADE, so that users' views stand. */
  static List<String> drop(StandingTable table) {
    String schema = table.shell().schema();
    String name = table.shell().name();
    List<String> statements = new ArrayList<>();
    if (table.kind().hasChild()) {
      statements.add(dropChild(schema, name));
    }
    statements.add("DROP " + table.kind().noun() + " " + name(schema, name));
    statements.add(
        "DELETE FROM prestogres.shell WHERE schema_name = "
            + literal(schema)
            + " AND table_name = "
            + literal(name));
    return statements;
  }

  /** Comments that are others than those that stand. */
  static List<String> comments(PrestoTable table, Map<String, String> standing, ShellKind kind) {
    String name = name(table.schema(), table.name());
    List<String> statements = new ArrayList<>();
    table
        .comment()
        .filter(comment -> !comment.equals(standing.getOrDefault(StandingTable.ITSELF, "")))
        .ifPresent(comment -> statements.add(comment(kind.noun() + " " + name, comment)));
    table.columns().stream()
        .filter(column -> !column.comment().equals(standing.getOrDefault(column.name(), "")))
        .map(
            column -> comment("COLUMN " + name + "." + identifier(column.name()), column.comment()))
        .forEach(statements::add);
    return statements;
  }

  /** The comment of a shell itself. */
  static String commentOn(ShellKind kind, Shell shell, String comment) {
    return comment(kind.noun() + " " + name(shell.schema(), shell.name()), comment);
  }

  private static String comment(String object, String comment) {
    return "COMMENT ON " + object + " IS " + (comment.isEmpty() ? "NULL" : literal(comment));
  }

  /** Writes down what PostgreSQL's own catalogue does not hold. */
  static String record(PrestoTable table) {
    JsonObject types = new JsonObject();
    JsonObject comments = new JsonObject();
    table
        .comment()
        .filter(comment -> !comment.isEmpty())
        .ifPresent(comment -> comments.put(StandingTable.ITSELF, comment));
    for (TableColumn column : table.columns()) {
      types.put(column.name(), column.shell().prestoType());
      if (!column.comment().isEmpty()) {
        comments.put(column.name(), column.comment());
      }
    }
    return "INSERT INTO prestogres.shell (schema_name, table_name, presto_types, comments) VALUES ("
        + literal(table.schema())
        + ", "
        + literal(table.name())
        + ", "
        + literal(types.encode())
        + ", "
        + literal(comments.encode())
        + ") ON CONFLICT (schema_name, table_name) DO UPDATE"
        + " SET presto_types = excluded.presto_types, comments = excluded.comments,"
        // The columns may not be those of which something was told.
        + " statistics = NULL";
  }

  static String name(String schema, String table) {
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
    String digest = Digests.sha256Hex(schema + "\0" + table).substring(0, 24);
    return name.codePoints()
            .limit(9)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        + "~"
        + digest;
  }

  static boolean tooLong(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES;
  }
}
