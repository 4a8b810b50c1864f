package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.demo.engines.Engine;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.WireReader;
import io.prestogres.sql.ResultColumn;
import io.prestogres.sql.ShellResolver;
import io.prestogres.sql.TableFunctionCall;
import io.prestogres.sql.Translation;
import io.prestogres.sql.TranslationOptions;
import io.prestogres.sql.Translator;
import io.prestogres.sql.Untranslatable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A prepared statement that was rewritten for Presto gives, for every value of its parameters and
 * whatever the session's settings, what PostgreSQL gives over the same rows.
 */
@ExtendWith(StackExtension.class)
class ParametersIT {
  private static final ShellResolver RESOLVER =
      parts ->
          parts.get(parts.size() - 1).equals("samples")
              ? Optional.of(SampleTables.shell())
              : Optional.empty();

  /** One for all cases: with PL/Java each session starts a JVM. */
  private static @Nullable RawClient session;

  private final RawClient client = Objects.requireNonNull(session);

  /**
   * A block of translated-parameters.txt.
   *
   * @param equal values, as EXECUTE takes them, that both servers answer alike
   * @param refused values that Presto cannot hold: an error
   */
  record Case(String query, List<String> types, List<String> equal, List<String> refused) {

    static Case read(String block) {
      List<String> lines = block.lines().filter(line -> !line.startsWith("#")).toList();
      return new Case(
          lines.get(0),
          Arrays.asList(lines.get(1).substring(2).split(", ", -1)),
          marked(lines, "= "),
          marked(lines, "! "));
    }

    private static List<String> marked(List<String> lines, String mark) {
      return lines.stream().filter(l -> l.startsWith(mark)).map(l -> l.substring(2)).toList();
    }

    @Override
    public String toString() {
      return query;
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream stream =
        ParametersIT.class.getResourceAsStream("/it/translated-parameters.txt")) {
      String text =
          new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("\n\\s*\n", -1)).map(Case::read);
    }
  }

  @BeforeAll
  static void create(Stack stack) throws IOException, SQLException {
    SampleTables.create(stack);
    session = RawClient.session(stack.proxyPort(), "presto", "memory");
  }

  @AfterAll
  static void close() throws IOException {
    Objects.requireNonNull(session).close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldAnswerAsPostgresqlDoes(Case row) throws IOException, Untranslatable {
    String types = "(" + String.join(", ", row.types()) + ")";
    for (String sql :
        List.of(
            "deallocate all",
            "set datestyle = 'German, DMY'",
            "set timezone = 'Asia/Kolkata'",
            "set intervalstyle = 'iso_8601'",
            "set extra_float_digits = 0",
            "set bytea_output = 'escape'",
            "set standard_conforming_strings = off",
            "prepare rewritten " + types + " as " + rewritten(row),
            "prepare original " + types + " as " + original(row))) {
      assertThat(client.send(Frontend.query(sql)).readTo('Z'))
          .as(sql)
          .extracting(RawClient.Frame::type)
          .contains('C')
          .doesNotContain('E');
    }
    for (String values : row.equal()) {
      assertThat(execute(client, "execute rewritten (" + values + ")"))
          .as(values)
          .isEqualTo(execute(client, "execute original (" + values + ")"));
    }
    for (String values : row.refused()) {
      assertThat(execute(client, "execute original (" + values + ")"))
          .as(values)
          .doesNotContain("error of class 22");
      assertThat(execute(client, "execute rewritten (" + values + ")"))
          .as(values)
          .containsExactly("error of class 22");
    }
  }

  private static String original(Case row) {
    return row.query().replace("SAMPLES", SampleTables.LOCAL);
  }

  private static String rewritten(Case row) throws Untranslatable {
    Translation translation =
        Translator.translate(
            row.query().replace("SAMPLES", "samples"),
            row.types(),
            RESOLVER,
            new TranslationOptions(true, Engine.chosen() == Engine.PRESTO));
    List<ResultColumn> columns =
        IntStream.range(0, translation.columns().size())
            .mapToObj(i -> new ResultColumn("c" + i, translation.columns().get(i).postgresType()))
            .toList();
    return TableFunctionCall.text(translation, columns);
  }

  /**
   * The rows as text, in any order, since only some cases sort, and the command tag; or the class
   * of an error. Not by JDBC, which has its own ideas of DateStyle.
   */
  private static List<String> execute(RawClient client, String sql) throws IOException {
    List<String> rows = new ArrayList<>();
    for (RawClient.Frame frame : client.send(Frontend.query(sql)).readTo('Z')) {
      if (frame.type() == 'E') {
        String state = frame.error().sqlState();
        return List.of(
            state.startsWith("22") ? "error of class 22" : state + " " + frame.error().message());
      }
      if (frame.type() == 'D') {
        rows.add(
            WireReader.body(frame.bytes()).readTextValues().stream()
                .map(value -> value.orElse("∅"))
                .collect(Collectors.joining("|")));
      } else if (frame.type() == 'C') {
        rows.add(Backend.readCommandComplete(frame.bytes()));
      }
    }
    Collections.sort(rows);
    return rows;
  }
}
