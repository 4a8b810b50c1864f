package io.prestogres.sql;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

  /**
   * A text with parameters goes to Presto in a header, percent-encoded; its server takes 8 KiB of
   * headers in all, and the session's properties need some.
   */
  private static final int LONGEST_PREPARED = 6_000;

  private Translator() {}

  /**
   * The query for Presto.
   *
   * @param query one query; {@code $1} and so on stand for parameters
   * @param parameterTypes PostgreSQL's types of the parameters, {@code $1} first, as format_type
   *     writes them; the query must use each of them, since what takes its place is bound to the
   *     same values
   * @throws Untranslatable if Presto's answer is not certain to be PostgreSQL's
   */
  public static Translation translate(
      String query, List<String> parameterTypes, ShellResolver resolver, TranslationOptions options)
      throws Untranslatable {
    NormalForm form = Normalizer.normalize(query);
    QueryContext context = new QueryContext(form, List.copyOf(parameterTypes), resolver, options);
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
      MarkedText text = MarkedText.read(translated.sql());
      requirePreparable(text);
      Translation translation =
          new Translation(text.sql(), text.parameters(), columns, context.outerLimits());
      requireAll(parameterTypes.size(), translation);
      return translation;
    } catch (StackOverflowError e) {
      throw new Untranslatable("the query is nested too deeply");
    }
  }

  private static void requirePreparable(MarkedText text) throws Untranslatable {
    boolean fits =
        text.parameters().isEmpty()
            || URLEncoder.encode(text.sql(), StandardCharsets.UTF_8).length() <= LONGEST_PREPARED;
    if (!fits) {
      throw new Untranslatable("the translated query is too long for parameters");
    }
  }

  /** PostgreSQL numbers the parameters of a statement by what it finds in its text. */
  private static void requireAll(int count, Translation translation) throws Untranslatable {
    String used = String.join(" ", translation.parameters()) + translation.outerLimits();
    for (int number = 1; number <= count; number++) {
      if (!used.contains("$" + number + "::")) {
        throw new Untranslatable("parameter $" + number + " is not used");
      }
    }
  }
}
