package io.prestogres.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TranslatorTest {

  static Stream<Table.Case> translations() throws IOException {
    return Table.read("translations.txt", "=> ", ": ", "!! ").cases().stream();
  }

  static Stream<Table.Case> olderEngines() throws IOException {
    return Table.read("older-engines.txt", "=> ", ": ", "!! ").cases().stream();
  }

  static Stream<Table.Case> parameters() throws IOException {
    return Table.read("parameters.txt", "$ ", "=> ", "? ", "+ ", ": ", "!! ").cases().stream();
  }

  /** With {@code ?} before each parameter and {@code +} before limits that PostgreSQL applies. */
  private static List<String> translate(String query, List<String> parameterTypes) {
    List<String> lines = new ArrayList<>();
    lines.add("$ " + String.join(", ", parameterTypes));
    try {
      Translation translation =
          Translator.translate(
              query, parameterTypes, new TpchShells(), new TranslationOptions(true, true));
      lines.add("=> " + translation.prestoSql());
      translation.parameters().forEach(parameter -> lines.add("? " + parameter));
      if (!translation.outerLimits().isEmpty()) {
        lines.add("+" + translation.outerLimits());
      }
    } catch (Untranslatable e) {
      lines.add("!! " + e.reason());
    }
    return lines;
  }

  static List<String> translate(String query, TranslationOptions options) {
    try {
      Translation translation = Translator.translate(query, List.of(), new TpchShells(), options);
      List<String> types = translation.columns().stream().map(OutputType::postgresType).toList();
      return List.of("=> " + translation.prestoSql(), ": " + String.join(", ", types));
    } catch (Untranslatable e) {
      return List.of("!! " + e.reason());
    }
  }

  @ParameterizedTest
  @MethodSource("translations")
  void shouldTranslateOrRefuse(Table.Case row) {
    assertThat(translate(row.statement(), new TranslationOptions(true, true)))
        .isEqualTo(row.expected());
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void shouldTranslateParameters(Table.Case row) {
    List<String> types = List.of(row.expected().get(0).substring(2).split(", "));
    assertThat(translate(row.statement(), types)).isEqualTo(row.expected());
  }

  @Test
  void shouldRefuseParametersInATextTooLongForAHeader() {
    String query = "select i from kinds where i = $1" + " or i = 1".repeat(600);
    assertThat(translate(query, List.of("integer")))
        .containsExactly("$ integer", "!! the translated query is too long for parameters");
  }

  @ParameterizedTest
  @MethodSource("olderEngines")
  void shouldGuardAgainstNanWhenTheEngineIsUnknown(Table.Case row) {
    assertThat(translate(row.statement(), new TranslationOptions(true))).isEqualTo(row.expected());
  }

  @Test
  void shouldRefuseOrderOfTextWhenTheCollationIsNotBytewise() {
    TranslationOptions options = new TranslationOptions(false);
    for (String query :
        List.of(
            "select 1 from kinds where t < 'm'",
            "select t from kinds order by t",
            "select max(t) from kinds",
            "select 1 from kinds where t between 'a' and 'b'")) {
      assertThat(translate(query, options)).first().asString().startsWith("!! the order of text");
    }
  }

  @Test
  void shouldRefuseWhatIsTooDeepOrTooLong() {
    String deep = "select " + "(".repeat(300) + "i" + ")".repeat(300) + " from kinds";
    String chain = "select i from kinds where i = 1" + " or i = 1".repeat(20_000);
    String sum = "select i" + " + 1".repeat(50_000) + " from kinds";
    String text = "select '" + "x".repeat(2 << 20) + "' from kinds";
    TranslationOptions options = new TranslationOptions(true);
    assertThat(translate(deep, options)).containsExactly("!! the query is nested too deeply");
    assertThat(translate(chain, options)).hasSizeBetween(1, 2);
    assertThat(translate(sum, options)).containsExactly("!! the query is nested too deeply");
    assertThat(translate(text, options)).containsExactly("!! the query is too long");
  }

  @Test
  void shouldRefuseTwoStatements() {
    assertThatThrownBy(
            () ->
                Translator.translate(
                    "select i from kinds; drop table kinds",
                    List.of(),
                    new TpchShells(),
                    new TranslationOptions(true)))
        .isInstanceOf(Untranslatable.class);
  }
}
