package io.prestogres.functions.trino;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrinoValuesTest {
  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0",
    "-0.0, -0.0",
    "NaN, NaN",
    "-Infinity, -Infinity",
    "1.0E10, 1.0E10",
    "2.0E-3, 0.002",
    "4.9E-324, 4.9E-324",
    "1.7976931348623157E308, 1.7976931348623157E308",
    // What the JDK writes as 2.0000000000000003E23 or the like before 19.
    "2.0E23, 2.0E23",
    "5.684341886080802E-14, 5.684341886080802E-14",
    "1.1E23, 1.1E23",
    "0.1, 0.1",
  })
  void shouldWriteNumbersAsShortAsTheyCan(double number, String expected) {
    assertThat(TrinoValues.shortest(number)).isEqualTo(expected);
  }

  @Test
  void shouldWriteTheSameNumber() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      String text = TrinoValues.shortest(number);
      assertThat(Double.valueOf(text)).isEqualTo(Double.valueOf(number));
      assertThat(text.length()).isLessThanOrEqualTo(Double.toString(number).length());
    }
  }

  /** A real comes as its shortest text, which is read as a double, and must come out as it was. */
  @Test
  void shouldKeepTheTextOfSinglePrecision() {
    Random random = new Random(8);
    for (int i = 0; i < 100_000; i++) {
      String sent = Float.toString(Float.intBitsToFloat(random.nextInt()));
      String text = TrinoValues.shortest(Double.parseDouble(sent));
      assertThat(Float.valueOf(text)).isEqualTo(Float.valueOf(sent));
    }
  }
}
