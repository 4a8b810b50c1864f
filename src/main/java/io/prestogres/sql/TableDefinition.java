package io.prestogres.sql;

import io.prestogres.sql.WriteStatement.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Translates CREATE TABLE with columns, DROP, ALTER and TRUNCATE. */
final class TableDefinition {

  /** What may follow a column's type. */
  private static final Set<String> AFTER_TYPE =
      Set.of(
          """
          not null default constraint primary unique check references generated collate comment \
          with deferrable initially storage compression\
          """
              .split(" "));

  /** First words of elements that are no columns. */
  private static final Set<String> CONSTRAINTS =
      Set.of("constraint", "primary", "unique", "check", "foreign", "exclude", "like");

  private final WriteStatement write;
  private final Tokens tokens;
  private final WriteTarget target;

  TableDefinition(WriteStatement write, WriteTarget target) {
    this.write = write;
    this.tokens = write.tokens();
    this.target = target;
  }

  private static Untranslatable lacking(String what) {
    return new Untranslatable(what + " has no counterpart on Presto");
  }

  /** What stands at a token, for a message. */
  private String at(int i) {
    return tokens.raw(i).toUpperCase(Locale.ROOT);
  }

  private void requireEnd(int i) throws Untranslatable {
    if (tokens.has(i)) {
      throw lacking(at(i));
    }
  }

  // CREATE TABLE.

  PrestoWrite create() throws Untranslatable {
    int open = write.next();
    if (write.head().replaces()) {
      throw lacking("CREATE OR REPLACE TABLE");
    }
    if (!tokens.punctuation(open, '(')) {
      throw lacking(tokens.has(open) ? at(open) : "a table without columns");
    }
    int close = tokens.afterBracket(open, tokens.size());
    if (close - open <= 2) {
      throw lacking("a table without columns");
    }
    List<String> columns = new ArrayList<>();
    for (Range element : Lists.split(tokens, open + 1, close - 1)) {
      columns.add(column(element.from(), element.to()));
    }
    return PrestoWrite.ofDefinition(
        "CREATE TABLE "
            + (write.head().conditional() ? "IF NOT EXISTS " : "")
            + newName()
            + " ("
            + String.join(", ", columns)
            + ")"
            + properties(write, close, tokens.size()),
        "CREATE TABLE");
  }

  private String newName() throws Untranslatable {
    Lists.fresh(target.name());
    return target.prestoName();
  }

  /** WITH and its brackets in the tokens [from, to), as they are, or nothing. */
  static String properties(WriteStatement write, int from, int to) throws Untranslatable {
    Tokens tokens = write.tokens();
    if (from >= to) {
      return "";
    }
    boolean properties =
        tokens.word(from, "with")
            && tokens.punctuation(from + 1, '(')
            && tokens.afterBracket(from + 1, to) == to;
    if (!properties) {
      throw lacking(tokens.raw(from).toUpperCase(Locale.ROOT));
    }
    return " " + write.text(from, to);
  }

  private String column(int from, int to) throws Untranslatable {
    if (CONSTRAINTS.contains(tokens.lowerWord(from))) {
      throw lacking(at(from));
    }
    int end = from + 1;
    while (end < to && !endsType(end)) {
      end = tokens.punctuation(end, '(') ? tokens.afterBracket(end, to) : end + 1;
    }
    String name = Lists.fresh(Lists.name(tokens, from));
    return name + " " + PrestoTypeNames.of(tokens, from + 1, end) + suffix(end, to);
  }

  private boolean endsType(int i) {
    boolean zone = tokens.words(i, "with", "time", "zone");
    return AFTER_TYPE.contains(tokens.lowerWord(i)) && !zone;
  }

  private String suffix(int from, int to) throws Untranslatable {
    StringBuilder suffix = new StringBuilder();
    int i = from;
    while (i < to) {
      if (tokens.words(i, "not", "null")) {
        suffix.append(" NOT NULL");
        i += 2;
      } else if (tokens.word(i, "null")) {
        i++;
      } else if (tokens.word(i, "comment") && tokens.string(i + 1)) {
        String comment =
            Literals.value(tokens, i + 1)
                .orElseThrow(() -> new Untranslatable("a comment has a wrong escape"));
        suffix.append(" COMMENT ").append(SqlQuoting.prestoLiteral(comment));
        i += 2;
      } else if (tokens.word(i, "with") && tokens.punctuation(i + 1, '(')) {
        suffix.append(' ').append(write.text(i, tokens.afterBracket(i + 1, to)));
        i = tokens.afterBracket(i + 1, to);
      } else {
        throw lacking(at(i) + (tokens.words(i, "primary", "key") ? " KEY" : ""));
      }
    }
    return suffix.toString();
  }

  // DROP, TRUNCATE.

  PrestoWrite drop() throws Untranslatable {
    int i = write.next();
    if (tokens.punctuation(i, ',')) {
      throw new Untranslatable("tables of Presto are dropped one at a time");
    }
    requireEnd(tokens.word(i, "restrict") ? i + 1 : i);
    String exists = write.head().conditional() ? " IF EXISTS " : " ";
    return PrestoWrite.ofDefinition(write.words() + exists + target.prestoName(), write.words());
  }

  PrestoWrite truncate() throws Untranslatable {
    int i = write.next();
    if (tokens.punctuation(i, ',')) {
      throw new Untranslatable("tables of Presto are truncated one at a time");
    }
    requireEnd(tokens.anyWord(i, "restrict") ? i + 1 : i);
    return new PrestoWrite(
        "TRUNCATE TABLE " + target.prestoName(), List.of(), "TRUNCATE TABLE", false, false);
  }

  // ALTER.

  PrestoWrite alter() throws Untranslatable {
    int i = write.next();
    boolean table = write.words().equals("ALTER TABLE");
    if (tokens.words(i, "rename", "to")) {
      requireEnd(i + 3);
      Lists.fresh(Lists.name(tokens, i + 2));
      return altered(
          "RENAME TO "
              + SqlQuoting.prestoName(
                  List.of(target.catalog(), target.schema(), Lists.name(tokens, i + 2))));
    }
    if (!table) {
      throw lacking("this form of ALTER VIEW");
    }
    int column = tokens.word(i + 1, "column") ? i + 2 : i + 1;
    return switch (tokens.lowerWord(i)) {
      case "rename" -> renameColumn(column);
      case "add" -> addColumn(column);
      case "drop" -> dropColumn(column);
      default -> throw lacking("this form of ALTER TABLE");
    };
  }

  private PrestoWrite altered(String change) {
    String exists = write.head().conditional() ? " IF EXISTS " : " ";
    return PrestoWrite.ofDefinition(
        write.words() + exists + target.prestoName() + " " + change, write.words());
  }

  private PrestoWrite renameColumn(int i) throws Untranslatable {
    if (!tokens.word(i + 1, "to") || tokens.word(i, "constraint")) {
      throw lacking("this form of ALTER TABLE");
    }
    requireEnd(i + 3);
    return altered(
        "RENAME COLUMN "
            + SqlQuoting.prestoIdentifier(Lists.name(tokens, i))
            + " TO "
            + Lists.fresh(Lists.name(tokens, i + 2)));
  }

  private PrestoWrite addColumn(int i) throws Untranslatable {
    boolean conditional = tokens.words(i, "if", "not", "exists");
    int from = conditional ? i + 3 : i;
    requireOne(from);
    return altered(
        "ADD COLUMN " + (conditional ? "IF NOT EXISTS " : "") + column(from, tokens.size()));
  }

  private PrestoWrite dropColumn(int i) throws Untranslatable {
    boolean conditional = tokens.words(i, "if", "exists");
    int at = conditional ? i + 2 : i;
    requireOne(at);
    requireEnd(tokens.word(at + 1, "restrict") ? at + 2 : at + 1);
    return altered(
        "DROP COLUMN "
            + (conditional ? "IF EXISTS " : "")
            + SqlQuoting.prestoIdentifier(Lists.name(tokens, at)));
  }

  /** Presto makes one change at a time. */
  private void requireOne(int from) throws Untranslatable {
    if (Lists.split(tokens, from, tokens.size()).size() > 1) {
      throw new Untranslatable("a table of Presto is altered by one change at a time");
    }
  }
}
