package io.prestogres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Translates a query over shells into Presto's SQL: only what is known to give PostgreSQL's answer,
 * to the letter. Everything else is {@link Untranslatable}. A closed world: a node, function,
 * operator or type without a rule ends the translation.
 *
 * <p>Three differences are accepted, since no client can rely on PostgreSQL's side of them: sums
 * and averages of double precision depend on the order of addition, a double precision result
 * beyond the range is infinite instead of an error, and which of several equal rows a LIMIT keeps.
 *
 * <p>Blocking and deeply recursive: to be called on {@link SqlParser#workers}.
 */
public final class Translator {

  private Translator() {}

  /**
   * The query for Presto.
   *
   * @param query one query without parameters: values stand in their place as typed literals
   * @throws Untranslatable if Presto's answer is not certain to be PostgreSQL's
   */
  public static Translation translate(
      String query, ShellResolver resolver, TranslationOptions options) throws Untranslatable {
    NormalForm form = Normalizer.normalize(query);
    QueryContext context = new QueryContext(form, resolver, options);
    try {
      TranslatedQuery translated =
          new QueryTranslator(context, Optional.empty())
              .translate(SqlParser.parse(form), QueryTranslator.Place.TOP);
      if (!context.readsShell()) {
        throw new Untranslatable("the query reads no table of Presto's");
      }
      if (translated.sql().length() > Normalizer.LONGEST_TEXT) {
        throw new Untranslatable("the translated query is too long");
      }
      List<OutputType> columns = new ArrayList<>(translated.columns().size());
      translated.columns().forEach(column -> columns.add(new OutputType(column.type().text())));
      return new Translation(translated.sql(), columns);
    } catch (StackOverflowError e) {
      throw new Untranslatable("the query is nested too deeply");
    }
  }
}
