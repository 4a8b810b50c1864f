package io.prestogres.session;

import java.util.Map;
import java.util.Optional;

/**
 * Type names for the OIDs of a RowDescription, with their modifiers, as {@code format_type} prints
 * them (OIDs are those of PostgreSQL's pg_type.dat, which never change).
 */
final class TypeNames {
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(16, "boolean"),
          Map.entry(17, "bytea"),
          Map.entry(20, "bigint"),
          Map.entry(21, "smallint"),
          Map.entry(23, "integer"),
          Map.entry(25, "text"),
          Map.entry(700, "real"),
          Map.entry(701, "double precision"),
          Map.entry(869, "inet"),
          Map.entry(1042, "character"),
          Map.entry(1043, "character varying"),
          Map.entry(1082, "date"),
          Map.entry(1083, "time without time zone"),
          Map.entry(1114, "timestamp without time zone"),
          Map.entry(1184, "timestamp with time zone"),
          Map.entry(1186, "interval"),
          Map.entry(1266, "time with time zone"),
          Map.entry(1700, "numeric"),
          Map.entry(2950, "uuid"),
          Map.entry(3802, "jsonb"));

  private static final Map<Integer, Integer> ELEMENTS =
      Map.ofEntries(
          Map.entry(1000, 16),
          Map.entry(1001, 17),
          Map.entry(1016, 20),
          Map.entry(1005, 21),
          Map.entry(1007, 23),
          Map.entry(1009, 25),
          Map.entry(1021, 700),
          Map.entry(1022, 701),
          Map.entry(1041, 869),
          Map.entry(1014, 1042),
          Map.entry(1015, 1043),
          Map.entry(1182, 1082),
          Map.entry(1183, 1083),
          Map.entry(1115, 1114),
          Map.entry(1185, 1184),
          Map.entry(1187, 1186),
          Map.entry(1270, 1266),
          Map.entry(1231, 1700),
          Map.entry(2951, 2950),
          Map.entry(3807, 3802));

  private static final int NO_MODIFIER = -1;

  private TypeNames() {}

  /** The name, or nothing for a type that the table function is not asked for. */
  static Optional<String> of(int oid, int modifier) {
    Integer element = ELEMENTS.get(oid);
    if (element != null) {
      return scalar(element, modifier).map(name -> name + "[]");
    }
    return scalar(oid, modifier);
  }

  /** The name of a type of which no modifier is known, or words that no rule knows. */
  static String ofParameter(int oid) {
    return of(oid, NO_MODIFIER).orElse("another type");
  }

  private static Optional<String> scalar(int oid, int modifier) {
    String name = NAMES.get(oid);
    if (name == null) {
      return Optional.empty();
    }
    if (modifier < 0) {
      return Optional.of(oid == 1042 ? "bpchar" : name);
    }
    return switch (oid) {
      case 1042, 1043 -> Optional.of(name + "(" + (modifier - 4) + ")");
      case 1700 ->
          Optional.of(
              "numeric("
                  + (((modifier - 4) >> 16) & 0xffff)
                  + ","
                  + ((modifier - 4) & 0x7ff)
                  + ")");
      case 1083, 1114, 1184, 1266 ->
          Optional.of(name.replaceFirst("^(timestamp|time)", "$1(" + modifier + ")"));
      default -> Optional.empty();
    };
  }
}
