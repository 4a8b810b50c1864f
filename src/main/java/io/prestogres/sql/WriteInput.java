package io.prestogres.sql;

import java.util.List;

/**
 * What PostgreSQL says of a {@link WriteStatement}, and what its translation may rely on.
 *
 * @param parameterTypes the types of its parameters, {@code $1} first, as format_type writes them
 * @param columns of the query in it, if it has one
 */
public record WriteInput(
    List<String> parameterTypes,
    List<ResultColumn> columns,
    ShellResolver resolver,
    TranslationOptions options) {

  public WriteInput {
    parameterTypes = List.copyOf(parameterTypes);
    columns = List.copyOf(columns);
  }
}
