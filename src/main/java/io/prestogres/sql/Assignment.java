package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.Optional;
import java.util.Set;

/** Conversions of what Presto computes, for the columns that it goes to. */
final class Assignment {

  /** Types of PostgreSQL that one type of Presto alone becomes. */
  private static final Set<String> UNMISTAKABLE =
      Set.of("bytea", "uuid", "inet", "timestamp with time zone", "time without time zone");

  private Assignment() {}

  /** Presto's expression; empty where PostgreSQL has to convert the value. */
  static Optional<String> cast(String value, String postgresType, ShellColumn column) {
    SqlType to = SqlType.ofColumn(column);
    SqlType from = SqlType.named(postgresType).orElse(SqlType.opaque(postgresType));
    String cast = "CAST(" + value + " AS " + column.prestoType() + ")";
    if (from.is(Kind.TEXT)) {
      return to.is(Kind.TEXT) ? text(value, cast, column) : Optional.empty();
    }
    boolean certain =
        switch (from.kind()) {
          case BOOLEAN, DATE, TIMESTAMP, REAL, DOUBLE ->
              from.kind() == to.kind() || (from.is(Kind.REAL) && to.is(Kind.DOUBLE));
          case SMALLINT, INTEGER, BIGINT ->
              to.isInteger() || to.is(Kind.NUMERIC) || to.is(Kind.DOUBLE);
          case NUMERIC -> to.is(Kind.NUMERIC);
          default ->
              postgresType.equals(column.postgresType()) && UNMISTAKABLE.contains(postgresType);
        };
    return certain ? Optional.of(cast) : Optional.empty();
  }

  /** PostgreSQL takes blanks off that are too many, and refuses everything else. */
  private static Optional<String> text(String value, String cast, ShellColumn column) {
    String type = column.postgresType();
    if (type.equals("text")) {
      return column.prestoType().equals("varchar") ? Optional.of(cast) : Optional.empty();
    }
    String length = type.substring(type.indexOf('(') + 1, type.indexOf(')'));
    return Optional.of(
        "if(replace(substr("
            + value
            + ", "
            + length
            + " + 1), ' ', '') <> '', CAST(fail('value too long for type "
            + type
            + "') AS "
            + column.prestoType()
            + "), "
            + cast
            + ")");
  }
}
