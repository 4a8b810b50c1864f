package io.prestogres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenMatchTest {
  private static boolean matches(String expected, String actual) {
    return TokenMatch.matches(TokenReader.read(expected), TokenReader.read(actual));
  }

  @Test
  void shouldMatchTheSameMessageOnly() {
    assertThat(matches("DataRow \"1\" null", "DataRow \"1\" null")).isTrue();
    assertThat(matches("DataRow \"1\"", "DataRow \"1\" null")).isFalse();
    assertThat(matches("DataRow \"1\" null", "DataRow \"1\"")).isFalse();
    assertThat(matches("DataRow null", "DataRow \"null\"")).isFalse();
    assertThat(matches("ReadyForQuery I", "ReadyForQuery T")).isFalse();
  }

  @Test
  void shouldCompareBytesHoweverTheyAreWritten() {
    assertThat(matches("DataRow x'6162'", "DataRow \"ab\"")).isTrue();
    assertThat(matches("DataRow \"\\x61\\0\"", "DataRow x'6100'")).isTrue();
    assertThat(matches("DataRow x'6163'", "DataRow \"ab\"")).isFalse();
  }

  @Test
  void shouldTakeWildcardsWhereTheyStand() {
    assertThat(matches("BackendKeyData * *", "BackendKeyData 7 x'00'")).isTrue();
    assertThat(matches("BackendKeyData *", "BackendKeyData 7 x'00'")).isFalse();
    assertThat(matches("T [\"a\" 20 * 1]", "T [\"a\" 20 5 1]")).isTrue();
    assertThat(matches("T [\"a\" 20 * 1]", "T [\"a\" 20 5 2]")).isFalse();
    assertThat(matches("E ~\"a.*c\"", "E \"abc\"")).isTrue();
    assertThat(matches("E ~\"a.*c\"", "E \"abcd\"")).isFalse();
    assertThat(matches("S ...", "S \"a\" \"b\"")).isTrue();
    assertThat(matches("S ...", "T \"a\" \"b\"")).isFalse();
  }

  @Test
  void shouldComparePositionsAlwaysAndDetailsWhereWritten() {
    String error = "E ERROR \"x\" position=3 detail=\"d\"";
    assertThat(matches("E ERROR \"x\" position=3", error)).isTrue();
    assertThat(matches("E ERROR \"x\" position=3 detail=\"d\"", error)).isTrue();
    assertThat(matches("E ERROR \"x\"", error)).isFalse();
    assertThat(matches("E ERROR \"x\" position=4", error)).isFalse();
    assertThat(matches("E ERROR \"x\" position=3 detail=\"e\"", error)).isFalse();
    assertThat(matches("E ERROR \"x\" position=3 hint=\"h\"", error)).isFalse();
  }

  @Test
  void shouldWriteWhatItReads() {
    for (String line : List.of("DataRow \"a\\\"\\\\\\n\" x'00ff' null", "E [1 [\"é\"]] p=\"q\"")) {
      assertThat(Token.join(TokenReader.read(line))).isEqualTo(line);
    }
  }

  @Test
  void shouldRefuseAScriptThatIsNotWellFormed() {
    assertThatThrownBy(() -> WireScript.parse("x", "connect")).hasMessageContaining("comment");
    assertThatThrownBy(() -> WireScript.parse("x", "# x\nonly proxy:\n< closed\nend"))
        .hasMessageContaining("x:2");
    assertThatThrownBy(() -> WireScript.parse("x", "# x\nonly proxy: why\n< closed"))
        .hasMessageContaining("no end");
    assertThatThrownBy(() -> WireScript.parse("x", "# x\n> Query \"select"))
        .hasMessageContaining("x:2");
  }
}
