package io.prestogres.sql;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;

/** The value of an expression that is known while translating. */
sealed interface Constant {

  record Text(String value) implements Constant {}

  record Exact(BigDecimal value) implements Constant {}

  record Floating(double value) implements Constant {}

  record Bool(boolean value) implements Constant {}

  record Day(LocalDate value) implements Constant {}

  record Moment(LocalDateTime value) implements Constant {}

  /** An interval with PostgreSQL's three independent parts. */
  record Span(int months, int days, long millis) implements Constant {

    Span negated() {
      return new Span(-months, -days, -millis);
    }
  }

  record Null() implements Constant {}
}
