package io.prestogres.functions;

/** What a {@link QueryWorker} hands over. */
sealed interface Handover {
  /** Rows. */
  final class Batch implements Handover {
    private final byte[] literals;

    /** Keeps the array. */
    Batch(byte[] literals) {
      this.literals = literals;
    }

    /** An array literal in UTF-8 for each column, joined by {@link BatchBuilder#DELIMITER}. */
    byte[] literals() {
      return literals;
    }
  }

  /** The query has failed. */
  record Failed(Failure failure) implements Handover {}

  /** Nothing has come in time. */
  record Nothing() implements Handover {}

  /** Nothing follows. */
  record End() implements Handover {}
}
