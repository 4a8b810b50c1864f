package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.identifier;

import io.prestogres.sql.ShellColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the columns of a shell become those of Presto's table, by ALTER TABLE, so that the table
 * keeps its OID, its grants and the views over what has not changed.
 *
 * <p>PostgreSQL adds columns at the end only. Where Presto has them in another order, those behind
 * the first that differs are dropped and added again, if nobody's view needs them; else the order
 * stays wrong, which harms nobody: everything goes by names.
 */
final class ColumnChanges {
  /** MaxHeapAttributeNumber. */
  static final int MAX_COLUMNS = 1600;

  private final PrestoTable table;
  private final StandingTable standing;
  private final ShellForm form;
  private final Map<String, ShellColumn> old = new LinkedHashMap<>();
  private final Map<String, TableColumn> wanted = new LinkedHashMap<>();
  private final List<String> kept = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();
  private final Set<String> retyped = new HashSet<>();

  private ColumnChanges(PrestoTable table, StandingTable standing, ShellForm form) {
    this.table = table;
    this.standing = standing;
    this.form = form;
    standing.shell().columns().forEach(column -> old.put(column.name(), column));
    table.columns().forEach(column -> wanted.put(column.name(), column));
    for (ShellColumn column : old.values()) {
      TableColumn now = wanted.get(column.name());
      if (now == null) {
        dropped.add(column.name());
      } else {
        kept.add(column.name());
        if (!now.shell().postgresType().equals(column.postgresType())) {
          retyped.add(column.name());
        }
      }
    }
  }

  /**
   * What is to be done; empty if nothing.
   *
   * @param form that the shell should have; if it is of another kind, it is made anew
   */
  static Optional<TableChange> of(PrestoTable table, StandingTable standing, ShellForm form) {
    String comment = standing.comments().getOrDefault(StandingTable.ITSELF, "");
    ColumnChanges changes = new ColumnChanges(table.orComment(comment), standing, form);
    return standing.kind() == form.kind() ? changes.change() : Optional.of(changes.changeOfKind());
  }

  /** What a view holds stays of the kind that it is, with the columns that it should have. */
  private TableChange changeOfKind() {
    return new TableChange(
        table.schema(),
        table.name(),
        recreate(),
        statements(List.of()).orElse(List.of()),
        kindOfChange(),
        true);
  }

  private TableChange.Kind kindOfChange() {
    return retyped.isEmpty() ? TableChange.Kind.TABLE : TableChange.Kind.RETYPE;
  }

  private Optional<TableChange> change() {
    int ordered = ordered();
    Optional<List<String>> inOrder = statements(kept.subList(ordered, kept.size()));
    List<String> statements = inOrder.orElseGet(() -> recreate());
    if (statements.isEmpty()) {
      return Optional.empty();
    }
    List<String> fallback =
        ordered == kept.size() ? List.of() : statements(List.of()).orElse(List.of());
    return Optional.of(
        new TableChange(
            table.schema(),
            table.name(),
            statements,
            // Where nothing but the order was wrong there is nothing to do that would be less.
            fallback.isEmpty() && ordered < kept.size() ? List.of("SELECT 1") : fallback,
            kindOfChange(),
            false));
  }

  /** How many of the kept columns, from the first, can stay where they are. */
  private int ordered() {
    List<String> order = List.copyOf(wanted.keySet());
    int equal = 0;
    while (equal < kept.size() && kept.get(equal).equals(order.get(equal))) {
      equal++;
    }
    return equal;
  }

  /**
   * The statements, if PostgreSQL has room for them.
   *
   * @param moved kept columns that are dropped and added again
   */
  private Optional<List<String>> statements(List<String> moved) {
    Set<String> staying = new HashSet<>(kept);
    moved.forEach(staying::remove);
    List<String> actions = new ArrayList<>();
    dropped.forEach(name -> actions.add("DROP COLUMN " + identifier(name)));
    moved.forEach(name -> actions.add("DROP COLUMN " + identifier(name)));
    boolean childInTheWay = false;
    int attributes = standing.attributes();
    for (TableColumn column : wanted.values()) {
      if (!staying.contains(column.name())) {
        actions.add("ADD COLUMN " + form.of(standing).definition(column));
        attributes++;
        continue;
      }
      if (retyped.contains(column.name())) {
        actions.add(retype(column));
        childInTheWay = standing.kind().hasChild();
      }
      if (column.notNull() != standing.notNull().contains(column.name())) {
        actions.add(
            "ALTER COLUMN "
                + identifier(column.name())
                + (column.notNull() ? " SET NOT NULL" : " DROP NOT NULL"));
      }
    }
    return attributes > MAX_COLUMNS
        ? Optional.empty()
        : Optional.of(around(actions, childInTheWay, moved));
  }

  /**
   * There is no row to convert, but PostgreSQL wants to know how; of a foreign table it does not.
   */
  private String retype(TableColumn column) {
    return "ALTER COLUMN "
        + identifier(column.name())
        + " TYPE "
        + column.shell().postgresType()
        + (standing.kind().hasChild() ? " USING NULL" : "");
  }

  /** USING is refused for foreign tables, so a child goes and comes again. */
  private List<String> around(List<String> actions, boolean childInTheWay, List<String> moved) {
    List<String> statements = new ArrayList<>();
    if (childInTheWay) {
      statements.add(ShellSql.dropChild(table.schema(), table.name()));
    }
    if (!actions.isEmpty()) {
      statements.add(
          "ALTER TABLE "
              + ShellSql.name(table.schema(), table.name())
              + " "
              + String.join(", ", actions));
    }
    if (childInTheWay || !standing.child()) {
      standing.kind().child(table.schema(), table.name()).ifPresent(statements::add);
    }
    // A column that was dropped has lost its comment.
    Map<String, String> comments = new HashMap<>(standing.comments());
    moved.forEach(comments::remove);
    dropped.forEach(comments::remove);
    List<String> commented = ShellSql.comments(table, comments, standing.kind());
    statements.addAll(commented);
    if (!actions.isEmpty() || !commented.isEmpty() || typesChanged()) {
      statements.add(ShellSql.record(table));
    }
    return statements;
  }

  private boolean typesChanged() {
    return wanted.values().stream()
        .anyMatch(
            column -> {
              ShellColumn known = old.get(column.name());
              return known != null && !known.prestoType().equals(column.shell().prestoType());
            });
  }

  /** Dropped columns have used up all there are, or the kind is another. */
  private List<String> recreate() {
    List<String> statements = new ArrayList<>(ShellSql.drop(standing));
    statements.addAll(ShellSql.create(table, form));
    return statements;
  }
}
