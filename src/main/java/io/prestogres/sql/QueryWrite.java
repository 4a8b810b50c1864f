package io.prestogres.sql;

import io.prestogres.sql.WriteStatement.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Translates the statements that write a query's rows or the query itself: INSERT, CREATE TABLE AS
 * and CREATE VIEW. Rows come from Presto itself where it gives the very rows that PostgreSQL would;
 * all others PostgreSQL computes, and they are sent.
 */
final class QueryWrite {

  private final WriteStatement write;
  private final WriteTarget target;
  private final WriteInput input;

  QueryWrite(WriteStatement write, WriteTarget target, WriteInput input) {
    this.write = write;
    this.target = target;
    this.input = input;
  }

  // INSERT.

  PrestoWrite insert() throws Untranslatable {
    Tokens tokens = write.tokens();
    int i = write.next();
    if (tokens.word(i, "as")) {
      i += 2;
    }
    Range query = write.queryRange();
    List<String> names = new ArrayList<>();
    if (tokens.punctuation(i, '(') && i != query.from()) {
      names.addAll(Lists.names(tokens, i));
      i = tokens.afterBracket(i, tokens.size());
    }
    if (query.isEmpty() || i != query.from()) {
      throw lacking(
          tokens.words(i, "default", "values") ? "DEFAULT VALUES" : "this form of INSERT");
    }
    requireNoClause("returning", "RETURNING");
    if (clause("conflict")) {
      throw lacking("ON CONFLICT");
    }
    boolean values = tokens.word(query.from(), "values");
    int count =
        values
            ? Lists.split(
                    tokens, query.from() + 2, tokens.afterBracket(query.from() + 1, query.to()) - 1)
                .size()
            : input.columns().size();
    List<ShellColumn> columns = columns(names, count);
    return insert(columns, values);
  }

  private PrestoWrite insert(List<ShellColumn> columns, boolean values) throws Untranslatable {
    String into =
        "INSERT INTO "
            + target.prestoName()
            + columnList(columns.stream().map(ShellColumn::name).toList())
            + " ";
    if (!values) {
      Optional<Translation> whole = translated();
      if (whole.isPresent()) {
        Optional<List<String>> casts = assignments(whole.get(), columns);
        if (casts.isPresent()) {
          return PrestoWrite.ofRows(
              into + selected(casts.get(), whole.get()), whole.get().parameters(), "INSERT 0");
        }
      }
    }
    SentRows rows = new SentRows(columns);
    String sent =
        values
            ? rows.ofValues(write.tokens(), write.queryRange())
            : rows.ofQuery(write.query().orElseThrow());
    return PrestoWrite.ofRows(into + rows.prestoQuery(), List.of(sent), "INSERT 0");
  }

  private List<ShellColumn> columns(List<String> names, int count) throws Untranslatable {
    List<ShellColumn> all = target.standing().columns();
    if (names.isEmpty()) {
      if (count > all.size()) {
        throw new Untranslatable("it has more values than the table has columns");
      }
      return all.subList(0, count);
    }
    if (names.size() != count) {
      throw new Untranslatable("it has not as many values as columns");
    }
    List<ShellColumn> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(
          all.stream()
              .filter(column -> column.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new Untranslatable("the table has no column " + name)));
    }
    return columns;
  }

  /** How each column gets its value, where Presto's own conversion is PostgreSQL's. */
  private Optional<List<String>> assignments(Translation whole, List<ShellColumn> columns) {
    List<String> casts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String value = "q.c" + (i + 1);
      Optional<String> cast =
          Assignment.cast(value, whole.columns().get(i).postgresType(), columns.get(i));
      if (cast.isEmpty()) {
        return Optional.empty();
      }
      casts.add(cast.get());
    }
    return Optional.of(casts);
  }

  // CREATE TABLE AS.

  PrestoWrite createTable() throws Untranslatable {
    Tokens tokens = write.tokens();
    Range query = write.queryRange();
    if (write.head().replaces()) {
      throw lacking("CREATE OR REPLACE TABLE");
    }
    if (tokens.words(tokens.size() - 3, "with", "no", "data")) {
      throw lacking("WITH NO DATA");
    }
    int i = write.next();
    List<String> names = names(i);
    i = tokens.punctuation(i, '(') ? tokens.afterBracket(i, tokens.size()) : i;
    String properties = TableDefinition.properties(write, i, query.from() - 1);
    Lists.fresh(target.name());
    String create =
        "CREATE TABLE "
            + (write.head().conditional() ? "IF NOT EXISTS " : "")
            + target.prestoName()
            + properties
            + " AS ";
    Optional<Translation> whole = translated();
    return whole.isPresent()
        ? created(create + renamed(names, whole.get()), whole.get().parameters())
        : createdFromSent(create, names);
  }

  private static PrestoWrite created(String sql, List<String> parameters) {
    return new PrestoWrite(sql, parameters, "SELECT", true, true);
  }

  private PrestoWrite createdFromSent(String create, List<String> names) throws Untranslatable {
    List<ShellColumn> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String type = input.columns().get(i).postgresType();
      String presto = PrestoTypeNames.of(type);
      columns.add(new ShellColumn(names.get(i), presto, type));
    }
    SentRows rows = new SentRows(columns);
    return created(
        create + "SELECT * FROM (" + rows.prestoQuery() + ") AS s" + columnList(names),
        List.of(rows.ofQuery(write.query().orElseThrow())));
  }

  /** The columns' names: those in brackets at {@code i}, then the query's own. */
  private List<String> names(int i) throws Untranslatable {
    List<String> names = new ArrayList<>();
    if (write.tokens().punctuation(i, '(')) {
      names.addAll(Lists.names(write.tokens(), i));
    }
    List<ResultColumn> columns = input.columns();
    if (columns.isEmpty() || names.size() > columns.size()) {
      throw new Untranslatable("it has not as many columns as names");
    }
    columns.stream().skip(names.size()).map(ResultColumn::name).forEach(names::add);
    for (String name : names) {
      Lists.fresh(name);
    }
    if (names.stream().distinct().count() < names.size()) {
      throw new Untranslatable("two of its columns have the same name");
    }
    return names;
  }

  /** A literal of Presto's would be a varchar of its length. */
  private String renamed(List<String> names, Translation whole) throws Untranslatable {
    List<String> targets = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String value = "q.c" + (i + 1);
      boolean text = whole.columns().get(i).postgresType().equals("text");
      String type = input.columns().get(i).postgresType();
      targets.add(
          (text ? "CAST(" + value + " AS " + PrestoTypeNames.of(type) + ")" : value)
              + " AS "
              + SqlQuoting.prestoIdentifier(names.get(i)));
    }
    return selected(targets, whole);
  }

  // CREATE VIEW.

  PrestoWrite createView() throws Untranslatable {
    int i = write.next();
    List<String> names = names(i);
    i =
        write.tokens().punctuation(i, '(')
            ? write.tokens().afterBracket(i, write.tokens().size())
            : i;
    if (i != write.queryRange().from() - 1) {
      throw lacking(write.tokens().raw(i).toUpperCase(Locale.ROOT));
    }
    Lists.fresh(target.name());
    Translation whole = translate();
    if (!whole.parameters().isEmpty()) {
      throw new Untranslatable("a view has no parameters");
    }
    return PrestoWrite.ofDefinition(
        "CREATE "
            + (write.head().replaces() ? "OR REPLACE " : "")
            + "VIEW "
            + target.prestoName()
            + " AS "
            + renamed(names, whole),
        "CREATE VIEW");
  }

  // All of them.

  private static Untranslatable lacking(String what) {
    return new Untranslatable(what + " has no counterpart on Presto");
  }

  private boolean clause(String word) {
    Tokens tokens = write.tokens();
    int i = write.queryRange().from();
    while (i < tokens.size()) {
      if (tokens.word(i, word)) {
        return true;
      }
      i = tokens.punctuation(i, '(') ? tokens.afterBracket(i, tokens.size()) : i + 1;
    }
    return false;
  }

  private void requireNoClause(String word, String name) throws Untranslatable {
    if (clause(word)) {
      throw lacking(name);
    }
  }

  private static String columnList(List<String> names) {
    return names.stream()
        .map(SqlQuoting::prestoIdentifier)
        .collect(java.util.stream.Collectors.joining(", ", " (", ")"));
  }

  private static String selected(List<String> targets, Translation whole) {
    return "SELECT "
        + String.join(", ", targets)
        + " FROM ("
        + whole.prestoSql()
        + ") AS q"
        + FromTranslator.columns(whole.columns().size());
  }

  private Translation translate() throws Untranslatable {
    Translation translation =
        Translator.translate(
            write.query().orElseThrow(), input.parameterTypes(), input.resolver(), input.options());
    boolean same =
        translation.outerLimits().isEmpty()
            && translation.columns().size() == input.columns().size();
    if (!same) {
      throw new Untranslatable("the limits of this query are PostgreSQL's to apply");
    }
    return translation;
  }

  private Optional<Translation> translated() {
    try {
      return Optional.of(translate());
    } catch (Untranslatable evaluatedByPostgresql) {
      return Optional.empty();
    }
  }
}
