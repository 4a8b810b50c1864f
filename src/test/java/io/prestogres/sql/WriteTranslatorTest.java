package io.prestogres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WriteTranslatorTest {

  static Stream<Table.Case> writes() throws IOException {
    return Table.read("writes.txt", "$ ", "=> ", "? ", ": ", "!! ").cases().stream();
  }

  private static List<String> translate(String sql, List<String> parameterTypes) {
    WriteStatement write = StatementScanner.scan(sql).get(0).write().orElseThrow();
    TpchShells shells = new TpchShells();
    String name = write.target().get(write.target().size() - 1);
    WriteTarget target =
        write.creates()
            ? new WriteTarget("tpch", "sf1", name, shells.shell(List.of(name)))
            : WriteTarget.of(shells.shell(write.target()).orElseThrow());
    List<ResultColumn> columns =
        write
            .query()
            .filter(query -> query.contains("AS"))
            .map(
                query ->
                    List.of(
                        new ResultColumn("a", "bigint"),
                        new ResultColumn("b", "character varying(25)")))
            .orElseGet(List::of);
    List<String> lines = new ArrayList<>();
    lines.add("$ " + String.join(", ", parameterTypes));
    try {
      PrestoWrite written =
          WriteTranslator.translate(
              write,
              target,
              new WriteInput(parameterTypes, columns, shells, new TranslationOptions(true, true)));
      lines.add("=> " + written.prestoSql());
      written.parameters().forEach(parameter -> lines.add("? " + parameter));
      lines.add(": " + written.tag() + (written.counted() ? " n" : ""));
    } catch (Untranslatable e) {
      lines.add("!! " + e.reason());
    }
    return lines;
  }

  @ParameterizedTest
  @MethodSource("writes")
  void shouldTranslateOrRefuse(Table.Case row) {
    String parameters =
        row.expected().stream().filter(line -> line.startsWith("$ ")).findFirst().orElse("$ ");
    List<String> types =
        parameters.length() == 2 ? List.of() : List.of(parameters.substring(2).split(", "));

    List<String> lines = translate(row.statement(), types);

    assertThat(lines.subList(1, lines.size()))
        .isEqualTo(row.expected().stream().filter(line -> !line.startsWith("$ ")).toList());
  }
}
