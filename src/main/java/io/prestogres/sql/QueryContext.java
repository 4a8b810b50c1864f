package io.prestogres.sql;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What holds for a whole query while it is translated. */
final class QueryContext {

  /** A common table expression: its name on Presto and its columns. */
  record CommonTable(String alias, List<OutputColumn> columns) {}

  private final NormalForm form;
  private final List<String> parameterTypes;
  private final ShellResolver resolver;
  private final Comparison comparison;
  private final Set<String> aliases = new HashSet<>();
  private final Map<String, CommonTable> commonTables;
  private boolean readsShell;
  private String outerLimits = "";

  QueryContext(
      NormalForm form,
      List<String> parameterTypes,
      ShellResolver resolver,
      TranslationOptions options) {
    this.form = form;
    this.parameterTypes = parameterTypes;
    this.resolver = resolver;
    this.comparison = new Comparison(options);
    this.commonTables = new HashMap<>();
  }

  NormalForm form() {
    return form;
  }

  Comparison comparison() {
    return comparison;
  }

  /** The value of {@code $number}. */
  Value parameter(int number) throws Untranslatable {
    if (number < 1 || number > parameterTypes.size()) {
      throw new Untranslatable("parameter $" + number + " has no type");
    }
    return ParameterValue.of(number, parameterTypes.get(number - 1));
  }

  /** Leaves LIMIT and OFFSET of the whole query to PostgreSQL: its own clauses, or "". */
  void limitOutside(String clauses) {
    outerLimits = clauses;
  }

  String outerLimits() {
    return outerLimits;
  }

  Shell shell(List<String> parts) throws Untranslatable {
    Shell shell =
        resolver
            .shell(parts)
            .orElseThrow(
                () -> new Untranslatable(String.join(".", parts) + " is no table of Presto's"));
    readsShell = true;
    return shell;
  }

  boolean readsShell() {
    return readsShell;
  }

  Optional<CommonTable> commonTable(String name) {
    return Optional.ofNullable(commonTables.get(name));
  }

  /** Makes a common table known; one of the same name in a query around would be hidden. */
  void addCommonTable(String name, CommonTable table) throws Untranslatable {
    if (commonTables.putIfAbsent(name, table) != null) {
      throw new Untranslatable("the WITH name " + name + " stands twice");
    }
  }

  void removeCommonTable(String name) {
    commonTables.remove(name);
  }

  /** A name that stands once in the whole query, as Presto does not tell cases apart. */
  String freshAlias(String wanted) {
    String base = wanted.toLowerCase(Locale.ROOT);
    String alias = base;
    for (int i = 2; !aliases.add(alias); i++) {
      alias = base + "_" + i;
    }
    return alias;
  }
}
