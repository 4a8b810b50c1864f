package io.prestogres.sql;

/**
 * What the translator may rely on. It takes for granted that Presto's session has {@code
 * legacy_timestamp=false} and {@code offset_clause_enabled=true}.
 *
 * @param textOrderIsBytewise whether the shells' database orders text by bytes (collation C or
 *     C.UTF-8), as Presto does; otherwise nothing that orders text is translated
 * @param nanIsGreatest whether the engine has NaN equal to itself and above all numbers, as
 *     PostgreSQL does and Presto since 0.288 ({@code use-new-nan-definition}); otherwise
 *     comparisons of double precision carry conditions of their own, which connectors cannot push
 *     down
 */
public record TranslationOptions(boolean textOrderIsBytewise, boolean nanIsGreatest) {

  /** For an engine of which nothing is known. */
  public TranslationOptions(boolean textOrderIsBytewise) {
    this(textOrderIsBytewise, false);
  }
}
