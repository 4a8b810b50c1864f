package io.prestogres.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.metrics.Route;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextEditsTest {
  private static final String TEXT = "select * from ONLY t; -- é";

  private final TextEdits edits = new TextEdits(TEXT);

  private Optional<String> text() {
    return edits.toPlan(Route.SCAN).text();
  }

  @Test
  void shouldSendTheClientsOwnMessageWhenNothingIsEdited() {
    assertThat(edits.toPlan(Route.SCAN)).isEqualTo(new Plan.Send(Route.SCAN, Optional.empty(), ""));
  }

  @Test
  void shouldLeaveEverythingElseAsItIs() {
    edits.replace(14, 18, "    ");

    assertThat(text()).contains("select * from      t; -- é");
  }

  @Test
  void shouldApplyEditsByPositionWhateverTheirOrder() {
    edits.replace(19, 20, "u");
    edits.replace(7, 8, "a, b");
    edits.replace(0, 6, "SELECT");

    assertThat(text()).contains("SELECT a, b from ONLY u; -- é");
  }

  @Test
  void shouldForgetSmallerEditsInsideALargerOne() {
    edits.replace(14, 18, "");
    edits.replace(19, 20, "u");
    edits.replace(0, 20, "select 1");

    assertThat(text()).contains("select 1; -- é");
  }

  @Test
  void shouldReplaceTheVeryEnds() {
    edits.replace(0, TEXT.length(), "x");

    assertThat(text()).contains("x");
  }

  @Test
  void shouldInsert() {
    edits.replace(TEXT.length(), TEXT.length(), "!");
    edits.replace(0, 0, "?");

    assertThat(text()).contains("?" + TEXT + "!");
  }
}
