package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.util.PSQLException;

/** What PL/Java makes of the types of {@link ShapesIT}. */
@OverPljava
@ExtendWith(StackExtension.class)
final class ShapesOverPljavaIT {
  private final Stack stack;

  ShapesOverPljavaIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void shouldShowShapes() throws SQLException {
    String query =
        "select ST_Point(1, 2.5), bing_tile(3, 5, 3), to_spherical_geography(ST_Point(1, 2))";
    try (Connection connection = stack.connect("presto", "memory")) {
      assertThat(Stack.rows(connection, ShapesIT.call(query, "text", "text", "text")))
          .containsExactly("POINT (1 2.5)|{\"x\":3,\"y\":5,\"zoom\":3}|POINT (1 2)");
    }
  }

  /** presto-jdbc makes two bytes of red; but its objects are not asked for. */
  @Test
  void shouldShowColors() throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      assertThat(
              Stack.rows(
                  connection, ShapesIT.call("select color('red'), rgb(1, 2, 255)", "text", "text")))
          .containsExactly("red|#0102ff");
    }
  }

  /** Where a column has values inside, presto-jdbc reads them all. */
  @Test
  void shouldRefuseColorsThatTheDriverReads() throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      for (String colors :
          new String[] {
            "array[color('red')]",
            "array[rgb(1, 2, 255)]",
            "color('red'), array[1]",
            "row(1, color('red'))"
          }) {
        assertThatThrownBy(() -> Stack.rows(connection, ShapesIT.call("select " + colors, "text")))
            .as(colors)
            .hasMessageContaining("presto-jdbc cannot read values of")
            .isInstanceOfSatisfying(
                PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("0A000"));
      }
    }
  }
}
