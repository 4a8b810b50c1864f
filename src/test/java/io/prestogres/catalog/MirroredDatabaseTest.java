package io.prestogres.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.sql.TranslationOptions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MirroredDatabaseTest {

  private static StandingCatalog standing(boolean bytewise) {
    return new StandingCatalog(
        List.of(), Set.of("s"), Set.of(), Set.of(), Set.of(), bytewise, false);
  }

  @Test
  void shouldTellWhatTranslationsMayRelyOn() {
    MirroredDatabase database =
        new MirroredDatabase(
            "web", "web", MirroredDatabase.State.of(standing(true), Set.of(), true));

    assertThat(database.translationOptions()).isEqualTo(new TranslationOptions(true, true));
  }

  @Test
  void shouldFollowAPrestoThatComparesNanOtherwise() {
    MirroredDatabase database =
        new MirroredDatabase(
            "web", "web", MirroredDatabase.State.of(standing(true), Set.of(), true));

    database.update(MirroredDatabase.State.of(standing(false), Set.of("s"), false));

    assertThat(database.translationOptions()).isEqualTo(new TranslationOptions(false, false));
  }
}
