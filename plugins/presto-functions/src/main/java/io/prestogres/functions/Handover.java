package io.prestogres.functions;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link QueryWorker} hands over: a batch, the end, or the failure that is the end.
 *
 * @param columns an array literal for each column
 * @param end whether nothing follows, and {@code columns} mean nothing
 * @param failure why it ended, if not well
 */
record Handover(List<String> columns, boolean end, Optional<SQLException> failure) {
  Handover {
    columns = List.copyOf(columns);
  }

  static Handover batch(List<String> columns) {
    return new Handover(columns, false, Optional.empty());
  }

  static Handover atEnd() {
    return new Handover(List.of(), true, Optional.empty());
  }

  static Handover failed(SQLException failure) {
    return new Handover(List.of(), true, Optional.of(failure));
  }
}
