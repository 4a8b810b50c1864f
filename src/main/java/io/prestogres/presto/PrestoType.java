package io.prestogres.presto;

import java.util.List;
import java.util.OptionalInt;

/**
 * The type of a column as Presto writes it, taken apart.
 *
 * <p>What each is in PostgreSQL ({@link #postgresType}, spelled as {@code format_type} spells it):
 *
 * <table>
 * <caption>Types</caption>
 * <tr><th>Presto, Trino</th><th>PostgreSQL</th></tr>
 * <tr><td>boolean, integer, bigint, real, date, uuid</td><td>the same</td></tr>
 * <tr><td>tinyint, smallint</td><td>smallint</td></tr>
 * <tr><td>double</td><td>double precision</td></tr>
 * <tr><td>decimal(p,s)</td><td>numeric(p,s)</td></tr>
 * <tr><td>varchar</td><td>text</td></tr>
 * <tr><td>varchar(n), char(n)</td><td>character varying(n), character(n); text where PostgreSQL
 *     cannot have that n (0, or above 10485760)</td></tr>
 * <tr><td>varbinary</td><td>bytea</td></tr>
 * <tr><td>json</td><td>jsonb</td></tr>
 * <tr><td>time, timestamp, each also with time zone</td><td>the same without a precision, so that
 *     a copy of the column does not round what is put in later; they hold milliseconds</td></tr>
 * <tr><td>time(p), timestamp(p) and with time zone</td><td>the same (p); above 6, PostgreSQL's
 *     most, 6, and values are rounded</td></tr>
 * <tr><td>interval day to second, interval year to month</td><td>interval</td></tr>
 * <tr><td>ipaddress</td><td>inet</td></tr>
 * <tr><td>array of any of these</td><td>an array of it</td></tr>
 * <tr><td>array of an array, map or row; map; row</td><td>jsonb</td></tr>
 * <tr><td>all others (unknown, ipprefix, geometry, sketches, enums ...)</td><td>text</td></tr>
 * </table>
 */
public sealed interface PrestoType {

  /**
   * A type without inner types.
   *
   * @param name lower case and whole, without arguments: {@code varchar}, {@code timestamp with
   *     time zone}
   * @param arguments what stands in its parentheses, as written; "" for none
   */
  record Scalar(String name, String arguments) implements PrestoType {
    /** The first argument, if it is a number. */
    public OptionalInt firstArgument() {
      String first = arguments.split(",", 2)[0].strip();
      return first.matches("[0-9]{1,10}") && Long.parseLong(first) <= Integer.MAX_VALUE
          ? OptionalInt.of(Integer.parseInt(first))
          : OptionalInt.empty();
    }

    @Override
    public String postgresType() {
      return PostgresTypes.ofScalar(this);
    }

    @Override
    public String toString() {
      return PostgresTypes.withArguments(name, arguments);
    }
  }

  /** An array; its elements are counted from 1. */
  record Array(PrestoType element) implements PrestoType {
    @Override
    public String postgresType() {
      return element instanceof Scalar ? element.postgresType() + "[]" : "jsonb";
    }

    @Override
    public String toString() {
      return "array(" + element + ")";
    }
  }

  /** A map. */
  record MapOf(PrestoType key, PrestoType value) implements PrestoType {
    @Override
    public String postgresType() {
      return "jsonb";
    }

    @Override
    public String toString() {
      return "map(" + key + ", " + value + ")";
    }
  }

  /** A row. */
  record Row(List<Field> fields) implements PrestoType {
    /** Keeps its own list. */
    public Row {
      fields = List.copyOf(fields);
    }

    @Override
    public String postgresType() {
      return "jsonb";
    }

    @Override
    public String toString() {
      return "row(" + String.join(", ", fields.stream().map(Field::toString).toList()) + ")";
    }
  }

  /** A field of a row; its name is "" if it has none. */
  record Field(String name, PrestoType type) {
    @Override
    public String toString() {
      return name.isEmpty() ? type.toString() : '"' + name.replace("\"", "\"\"") + "\" " + type;
    }
  }

  /** The type in PostgreSQL that holds its values, spelled as PostgreSQL prints it. */
  String postgresType();

  /** The type that {@code text} says; text that is no known form is a scalar of that name. */
  static PrestoType parse(String text) {
    return new TypeParser(text).parse();
  }
}
