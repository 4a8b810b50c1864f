package io.prestogres.sql;

/**
 * What the translator may rely on. It takes for granted that Presto's session has {@code
 * legacy_timestamp=false} and {@code offset_clause_enabled=true}.
 *
 * @param textOrderIsBytewise whether the shells' database orders text by bytes (collation C or
 *     C.UTF-8), as Presto does; otherwise nothing that orders text is translated
 */
public record TranslationOptions(boolean textOrderIsBytewise) {}
