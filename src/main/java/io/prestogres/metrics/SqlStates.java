package io.prestogres.metrics;

import java.util.Set;

/**
 * The SQLSTATEs that are counted one by one; a client can raise any it likes, so the rest is
 * counted as {@link #OTHER}.
 */
final class SqlStates {

  static final String OTHER = "other";

  static final Set<String> KNOWN =
      Set.of(
          // Connections and protocol.
          "08000",
          "08001",
          "08003",
          "08004",
          "08006",
          "08P01",
          "0A000",
          // What is wrong with the data.
          "21000",
          "22001",
          "22003",
          "22007",
          "22008",
          "22012",
          "22021",
          "22023",
          "22P02",
          "23502",
          "23503",
          "23505",
          "23514",
          // Transactions, authentication, names.
          "25001",
          "25006",
          "25P02",
          "26000",
          "28000",
          "28P01",
          "34000",
          "3D000",
          "3F000",
          "40001",
          "40P01",
          // What is wrong with the statement.
          "42501",
          "42601",
          "42602",
          "42622",
          "42701",
          "42702",
          "42703",
          "42704",
          "42710",
          "42723",
          "42725",
          "42803",
          "42804",
          "42809",
          "42846",
          "42883",
          "42939",
          "42P01",
          "42P02",
          "42P03",
          "42P04",
          "42P07",
          "42P18",
          "42P22",
          // Resources, intervention, external errors, defects.
          "53000",
          "53100",
          "53200",
          "53300",
          "53400",
          "54000",
          "54001",
          "55000",
          "55006",
          "55P03",
          "57014",
          "57P01",
          "57P02",
          "57P03",
          "57P05",
          "58000",
          "58030",
          "38000",
          "39000",
          "HV000",
          "HV00L",
          "P0001",
          "XX000",
          "XX001");

  private SqlStates() {}
}
