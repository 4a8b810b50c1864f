package io.prestogres.catalog;

import io.prestogres.config.CatalogConfig;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which schemas and tables are shown, by the patterns of the configuration: those with a dot are of
 * tables, as {@code sales.order_*}, the others of schemas.
 */
final class SchemaFilter {
  private final List<Glob> include;
  private final List<Glob> exclude;

  private record Glob(Pattern schema, Pattern table, boolean ofTables) {
    static Glob of(String text) {
      int dot = text.indexOf('.');
      return new Glob(
          regex(dot < 0 ? text : text.substring(0, dot)),
          regex(dot < 0 ? "*" : text.substring(dot + 1)),
          dot >= 0);
    }

    private static Pattern regex(String glob) {
      StringBuilder regex = new StringBuilder();
      glob.codePoints()
          .forEach(
              c ->
                  regex.append(
                      c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c))));
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    boolean matches(String schemaName) {
      return schema.matcher(schemaName).matches();
    }

    boolean matches(String schemaName, String tableName) {
      return matches(schemaName) && table.matcher(tableName).matches();
    }
  }

  SchemaFilter(CatalogConfig config) {
    include = config.include().stream().map(Glob::of).toList();
    exclude = config.exclude().stream().map(Glob::of).toList();
  }

  /** Whether some table of the schema may be shown. */
  boolean shows(String schema) {
    return (include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(schema)))
        && exclude.stream().noneMatch(glob -> !glob.ofTables() && glob.matches(schema));
  }

  boolean shows(String schema, String table) {
    return (include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(schema, table)))
        && exclude.stream().noneMatch(glob -> glob.matches(schema, table));
  }
}
