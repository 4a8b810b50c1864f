package io.prestogres.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Cuts what a client sends, in one run of a script. */
final class Cutter {
  private final int cutAt;
  private Step.Pieces pieces = Step.Pieces.WHOLE;
  private int sent;

  /**
   * A cutter for one run.
   *
   * @param cutAt how many bytes after {@code pieces cuts} there is the cut; 0 for none
   */
  Cutter(int cutAt) {
    this.cutAt = cutAt;
  }

  void cutInto(Step.Pieces newPieces) {
    pieces = newPieces;
  }

  /** Bytes in as many buffers as there are to be writes. */
  List<Buffer> cut(Buffer bytes) {
    return switch (pieces) {
      case WHOLE -> bytes.length() == 0 ? List.of() : List.of(bytes);
      case BYTES -> singly(bytes);
      case CUTS -> inTwo(bytes);
    };
  }

  private static List<Buffer> singly(Buffer bytes) {
    List<Buffer> single = new ArrayList<>();
    for (int i = 0; i < bytes.length(); i++) {
      single.add(bytes.getBuffer(i, i + 1));
    }
    return single;
  }

  private List<Buffer> inTwo(Buffer bytes) {
    int cut = cutAt - sent;
    sent += bytes.length();
    if (bytes.length() == 0) {
      return List.of();
    }
    return cut <= 0 || cut >= bytes.length()
        ? List.of(bytes)
        : List.of(bytes.getBuffer(0, cut), bytes.getBuffer(cut, bytes.length()));
  }

  /** How many bytes were sent after {@code pieces cuts}. */
  int bytesThatCanBeCut() {
    return sent;
  }
}
