package io.prestogres.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The query that postgres_fdw declares a cursor for when a shell is scanned: columns of one table,
 * with the conditions and the order it has pushed down (postgres_fdw's deparse.c).
 *
 * @param text the whole query, without parameters
 * @param columns in order; empty for {@code SELECT NULL}, where only the number of rows counts
 * @param rest what follows the table's name
 * @param words every identifier in {@code rest}, among them the columns it uses
 */
public record ScanQuery(
    String text,
    List<String> columns,
    String schema,
    String table,
    String rest,
    Set<String> words) {

  /** Copies the collections. */
  public ScanQuery {
    columns = List.copyOf(columns);
    words = Set.copyOf(words);
  }

  /**
   * Reads a query.
   *
   * @param parameters the values of {@code $1} and so on, put in as literals; the types stand
   *     beside them in the text
   * @return empty if it is anything else than the scan of one table, or if it locks rows
   */
  public static Optional<ScanQuery> read(String query, List<Optional<String>> parameters) {
    return withLiterals(query, parameters).flatMap(ScanQuery::read);
  }

  private static Optional<ScanQuery> read(String text) {
    Tokens tokens = Tokens.of(text);
    if (!tokens.word(0, "select")) {
      return Optional.empty();
    }
    List<String> columns = new ArrayList<>();
    int position = readColumns(tokens, columns);
    if (!tokens.word(position, "from")
        || !tokens.identifier(position + 1)
        || !tokens.punctuation(position + 2, '.')
        || !tokens.identifier(position + 3)) {
      return Optional.empty();
    }
    int restAt = position + 4;
    if (tokens.has(restAt) && !tokens.anyWord(restAt, "where", "order")) {
      return Optional.empty();
    }
    return words(tokens, restAt)
        .map(
            words ->
                new ScanQuery(
                    text,
                    columns,
                    name(tokens, position + 1),
                    name(tokens, position + 3),
                    tokens.has(restAt) ? text.substring(tokens.get(restAt).start()) : "",
                    words));
  }

  /** Adds the selected columns, of which NULL is none; where to read on. */
  private static int readColumns(Tokens tokens, List<String> columns) {
    if (tokens.word(1, "null")) {
      return 2;
    }
    int position = 1;
    while (tokens.identifier(position)) {
      columns.add(name(tokens, position));
      position++;
      if (!tokens.punctuation(position, ',')) {
        break;
      }
      position++;
    }
    return position;
  }

  /** The names behind the table; empty if the rows are to be locked. */
  private static Optional<Set<String>> words(Tokens tokens, int restAt) {
    Set<String> words = new HashSet<>();
    int depth = 0;
    for (int i = restAt; i < tokens.size(); i++) {
      if (tokens.punctuation(i, '(')) {
        depth++;
      } else if (tokens.punctuation(i, ')')) {
        depth--;
      } else if (tokens.identifier(i)) {
        if (depth == 0 && tokens.word(i, "for")) {
          return Optional.empty();
        }
        words.add(name(tokens, i));
      }
    }
    return Optional.of(words);
  }

  private static String name(Tokens tokens, int i) {
    return Identifiers.name(tokens, i).orElse("");
  }

  private static Optional<String> withLiterals(String query, List<Optional<String>> parameters) {
    StringBuilder result = new StringBuilder();
    int position = 0;
    for (Token token : Tokens.of(query).list()) {
      if (token.kind() == Token.Kind.PARAMETER) {
        int number = Integer.parseInt(query.substring(token.start() + 1, token.end()));
        if (number < 1 || number > parameters.size()) {
          return Optional.empty();
        }
        result
            .append(query, position, token.start())
            .append(parameters.get(number - 1).map(SqlQuoting::literal).orElse("NULL"));
        position = token.end();
      }
    }
    return Optional.of(result.append(query, position, query.length()).toString());
  }
}
