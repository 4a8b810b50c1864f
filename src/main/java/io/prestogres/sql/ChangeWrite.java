package io.prestogres.sql;

import io.prestogres.sql.WriteStatement.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;

/**
 * Translates DELETE and UPDATE. The condition and the new values are read as those of a query over
 * the table.
 */
final class ChangeWrite {

  private final WriteStatement write;
  private final Tokens tokens;
  private final Shell shell;
  private final WriteInput input;

  ChangeWrite(WriteStatement write, WriteTarget target, WriteInput input) {
    this.write = write;
    this.tokens = write.tokens();
    this.shell = target.standing();
    this.input = input;
  }

  private static Untranslatable lacking(String what) {
    return new Untranslatable(what + " has no counterpart on Presto");
  }

  PrestoWrite delete() throws Untranslatable {
    refuse("returning", "RETURNING");
    refuse("using", "USING");
    int where = next("where", write.next());
    String alias = alias(write.next(), where);
    Parts parts = parts("1", where, alias);
    return finished("DELETE FROM " + shell.prestoName() + parts.where(), "DELETE");
  }

  PrestoWrite update() throws Untranslatable {
    refuse("returning", "RETURNING");
    refuse("from", "FROM");
    int set = next("set", write.next());
    int where = next("where", set);
    String alias = alias(write.next(), set);
    List<ShellColumn> columns = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    for (Range part : Lists.split(tokens, set + 1, where)) {
      columns.add(column(part));
      expressions.add(write.text(part.from() + 2, part.to()));
    }
    Parts parts = parts(String.join(", ", expressions), where, alias);
    List<String> assignments = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      assignments.add(
          SqlQuoting.prestoIdentifier(columns.get(i).name())
              + " = "
              + assigned(parts.values().get(i), expressions.get(i), columns.get(i)));
    }
    return finished(
        "UPDATE " + shell.prestoName() + " SET " + String.join(", ", assignments) + parts.where(),
        "UPDATE");
  }

  private ShellColumn column(Range part) throws Untranslatable {
    boolean plain =
        part.to() - part.from() >= 3
            && tokens.identifier(part.from())
            && tokens.operator(part.from() + 1, "=");
    if (!plain || tokens.word(part.from() + 2, "default")) {
      throw lacking("this form of SET");
    }
    String name = Lists.name(tokens, part.from());
    return shell.columns().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new Untranslatable("the table has no column " + name));
  }

  /** A value that depends on no row is PostgreSQL's to compute. */
  private static String assigned(Value value, String expression, ShellColumn column)
      throws Untranslatable {
    if (value.isConstant() || value.isParameter()) {
      AssignedValue assigned = new AssignedValue(column);
      String text = MarkedText.mark(assigned.text(expression));
      return assigned.read("CAST(" + text + " AS varchar)");
    }
    return Assignment.cast(value.sql(), value.type().text(), column)
        .orElseThrow(
            () ->
                new Untranslatable(
                    "the new value of " + column.name() + " is PostgreSQL's to convert"));
  }

  private PrestoWrite finished(String marked, String tag) throws Untranslatable {
    MarkedText text = MarkedText.read(marked);
    String used = String.join(" ", text.parameters());
    for (int number = 1; number <= input.parameterTypes().size(); number++) {
      if (!used.matches("(?s).*\\$" + number + "(?!\\d).*")) {
        throw new Untranslatable("parameter $" + number + " is not used");
      }
    }
    return PrestoWrite.ofRows(text.sql(), text.parameters(), tag);
  }

  private void refuse(String word, String name) throws Untranslatable {
    if (next(word, write.next()) < tokens.size()) {
      throw lacking(name);
    }
  }

  /** The first such word in no bracket from token {@code from} on, or the end. */
  private int next(String word, int from) {
    int i = from;
    while (i < tokens.size() && !tokens.word(i, word)) {
      i = tokens.punctuation(i, '(') ? tokens.afterBracket(i, tokens.size()) : i + 1;
    }
    return Math.min(i, tokens.size());
  }

  /** The name that the table has in the statement. */
  private String alias(int from, int to) throws Untranslatable {
    int i = tokens.operator(from, "*") ? from + 1 : from;
    i = tokens.word(i, "as") ? i + 1 : i;
    if (i == to) {
      return "";
    }
    if (i + 1 != to) {
      throw lacking("what follows the table's name");
    }
    return Lists.name(tokens, i);
  }

  /**
   * Translated parts.
   *
   * @param where with the word WHERE, or ""
   */
  private record Parts(List<Value> values, String where) {}

  private Parts parts(String targets, int where, String alias) throws Untranslatable {
    String name = alias.isEmpty() ? shell.name() : alias;
    String query =
        "SELECT "
            + targets
            + " FROM "
            + SqlQuoting.identifier(name)
            + (where < tokens.size() ? " " + write.text(where, tokens.size()) : "");
    try {
      return parts(Normalizer.normalize(query), name, alias.isEmpty() ? shell.schema() : "");
    } catch (StackOverflowError e) {
      throw new Untranslatable("the statement is nested too deeply");
    }
  }

  private Parts parts(NormalForm form, String name, String schema) throws Untranslatable {
    QueryContext context =
        new QueryContext(form, input.parameterTypes(), input.resolver(), input.options());
    Select select = SqlParser.parse(form);
    boolean plain =
        select instanceof PlainSelect found
            && found.getJoins() == null
            && found.getGroupBy() == null
            && found.getHaving() == null
            && found.getOrderByElements() == null
            && found.getLimit() == null
            && found.getOffset() == null
            && found.getFetch() == null;
    if (!plain) {
      throw lacking("a clause of this statement");
    }
    PlainSelect query = (PlainSelect) select;
    Scope scope = new Scope(Optional.empty());
    Scope.Relation relation = relation(context, name, schema);
    scope.show(List.of(relation), relation.fields());
    ExpressionTranslator expressions = new ExpressionTranslator(context, scope);
    List<Value> values = new ArrayList<>();
    for (var item : query.getSelectItems()) {
      Expression expression = item.getExpression();
      values.add(expressions.translate(expression));
    }
    Expression condition = query.getWhere();
    String where = condition == null ? "" : " WHERE " + condition(expressions, condition);
    return new Parts(values, where);
  }

  private static String condition(ExpressionTranslator expressions, Expression condition)
      throws Untranslatable {
    expressions.allowCorrelation(true);
    return expressions.condition(condition).sql();
  }

  /** Presto's DELETE and UPDATE know the table by its own name only. */
  private Scope.Relation relation(QueryContext context, String name, String schema)
      throws Untranslatable {
    String alias = context.freshAlias(shell.prestoTable());
    if (!alias.equals(shell.prestoTable())) {
      throw new Untranslatable("the table's name has capital letters");
    }
    List<Scope.Field> fields = new ArrayList<>();
    for (ShellColumn column : shell.columns()) {
      String sql = SqlQuoting.prestoName(List.of(alias, column.name()));
      fields.add(new Scope.Field(column.name(), Value.of(sql, SqlType.ofColumn(column))));
    }
    return new Scope.Relation(schema, name, fields);
  }
}
