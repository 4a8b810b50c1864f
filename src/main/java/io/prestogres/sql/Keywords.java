package io.prestogres.sql;

import java.util.Set;

/** PostgreSQL's keywords that cannot name a relation without quotes (kwlist.h). */
final class Keywords {

  /** RESERVED_KEYWORD. */
  private static final Set<String> RESERVED =
      Set.of(
          """
          all analyse analyze and any array as asc asymmetric both case cast check collate column \
          constraint create current_catalog current_date current_role current_time \
          current_timestamp current_user default deferrable desc distinct do else end except \
          false fetch for foreign from grant group having in initially intersect into lateral \
          leading limit localtime localtimestamp not null offset on only or order placing primary \
          references returning select session_user some symmetric system_user table then to \
          trailing true union unique user using variadic when where window with\
          """
              .split(" "));

  /** TYPE_FUNC_NAME_KEYWORD. */
  private static final Set<String> TYPE_OR_FUNCTION =
      Set.of(
          """
          authorization binary collation concurrently cross current_schema freeze full ilike \
          inner is isnull join left like natural notnull outer overlaps right similar tablesample \
          verbose\
          """
              .split(" "));

  private Keywords() {}

  static boolean isReserved(String lowerCaseWord) {
    return RESERVED.contains(lowerCaseWord);
  }

  static boolean cannotNameRelation(String lowerCaseWord) {
    return RESERVED.contains(lowerCaseWord) || TYPE_OR_FUNCTION.contains(lowerCaseWord);
  }
}
