package io.prestogres.functions;

import java.util.List;

/**
 * What a {@link QueryWorker} hands over: a batch, a failure in the place of one, or the end.
 *
 * @param columns an array literal for each column, or a {@link Failure}
 * @param end whether nothing follows, and {@code columns} mean nothing
 */
record Handover(List<String> columns, boolean end) {
  Handover {
    columns = List.copyOf(columns);
  }

  static Handover batch(List<String> columns) {
    return new Handover(columns, false);
  }

  static Handover atEnd() {
    return new Handover(List.of(), true);
  }
}
