package io.prestogres.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The columns that the expressions of one SELECT can name. */
final class Scope {

  /** A column by the name that PostgreSQL knows it under. */
  record Field(String name, Value value) {}

  /**
   * A FROM item.
   *
   * @param schema of a shell without an alias, else ""
   */
  record Relation(String schema, String alias, List<Field> fields) {

    boolean isCalled(List<String> qualifier) {
      int last = qualifier.size() - 1;
      boolean schemaFits =
          last == 0 || (last == 1 && !schema.isEmpty() && schema.equals(qualifier.get(0)));
      return schemaFits && alias.equals(qualifier.get(last));
    }
  }

  private final Optional<Scope> outer;
  private final List<Relation> relations = new ArrayList<>();
  private final List<Field> visible = new ArrayList<>();

  /** The texts of double precision columns that the query groups by. */
  private final Set<String> floatKeys = new HashSet<>();

  private boolean outerAllowed;
  private int outerReferences;

  Scope(Optional<Scope> outer) {
    this.outer = outer;
  }

  /** Makes the columns known; a join under USING shows fewer than its relations have. */
  void show(List<Relation> added, List<Field> fields) throws Untranslatable {
    for (Relation relation : added) {
      for (Relation known : relations) {
        if (known.alias().equals(relation.alias()) && known.schema().equals(relation.schema())) {
          throw new Untranslatable("the table name " + relation.alias() + " stands twice");
        }
      }
      relations.add(relation);
    }
    visible.addAll(fields);
  }

  List<Field> visible() {
    return visible;
  }

  List<Field> fields(List<String> qualifier) throws Untranslatable {
    Relation found = relation(qualifier).orElseThrow(() -> unknown(qualifier));
    return found.fields();
  }

  private Optional<Relation> relation(List<String> qualifier) throws Untranslatable {
    Optional<Relation> found = Optional.empty();
    for (Relation relation : relations) {
      if (relation.isCalled(qualifier)) {
        if (found.isPresent()) {
          throw unknown(qualifier);
        }
        found = Optional.of(relation);
      }
    }
    return found;
  }

  private static Untranslatable unknown(List<String> name) {
    return new Untranslatable("the name " + String.join(".", name) + " is PostgreSQL's to resolve");
  }

  /** Conditions may name columns of the query around; nothing else of a subquery may. */
  void allowOuter(boolean allowed) {
    outerAllowed = allowed;
  }

  /** How often a column of the query around was named. */
  int outerReferences() {
    return outerReferences;
  }

  void groupByFloat(String column) {
    floatKeys.add(column);
  }

  /**
   * The column with this name.
   *
   * @param parts qualifier and name
   * @param aggregated whether an aggregate's argument names it
   */
  Value resolve(List<String> parts, boolean aggregated) throws Untranslatable {
    Optional<Value> local = local(parts);
    if (local.isPresent()) {
      return aggregated ? local.get() : asKey(local.get());
    }
    if (outer.isEmpty()) {
      throw unknown(parts);
    }
    Optional<Value> value = outer.get().local(parts);
    if (value.isEmpty() || !outerAllowed || aggregated) {
      throw new Untranslatable("this kind of correlated subquery has no rule");
    }
    outerReferences++;
    return value.get();
  }

  /** 0 and -0 are one group in PostgreSQL; adding 0 makes them one on every Presto. */
  Value asKey(Value column) {
    return floatKeys.contains(column.sql()) ? Value.of(normalized(column), column.type()) : column;
  }

  /** Whether a bare name is a column of this SELECT's own FROM. */
  boolean hasColumn(String name) {
    for (Field field : visible) {
      if (field.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  static String normalized(Value floating) {
    return "(" + floating.sql() + " + 0E0)";
  }

  private Optional<Value> local(List<String> parts) throws Untranslatable {
    List<String> qualifier = parts.subList(0, parts.size() - 1);
    String name = parts.get(parts.size() - 1);
    List<Field> fields = visible;
    if (!qualifier.isEmpty()) {
      Optional<Relation> relation = relation(qualifier);
      if (relation.isEmpty()) {
        return Optional.empty();
      }
      fields = relation.get().fields();
    }
    Optional<Value> found = Optional.empty();
    for (Field field : fields) {
      if (field.name().equals(name)) {
        if (found.isPresent()) {
          throw new Untranslatable("the column " + name + " is ambiguous");
        }
        found = Optional.of(field.value());
      }
    }
    if (found.isEmpty() && !qualifier.isEmpty()) {
      throw unknown(parts);
    }
    return found;
  }
}
