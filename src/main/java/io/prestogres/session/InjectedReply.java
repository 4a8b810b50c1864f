package io.prestogres.session;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers the replies to an {@link Injection}. */
final class InjectedReply {
  private final List<List<Optional<String>>> rows = new ArrayList<>();
  private List<Integer> parameterTypes = List.of();
  private List<Backend.Field> fields = List.of();
  private Optional<ErrorFields> error = Optional.empty();
  private final Promise<InjectedReply> done = Promise.promise();

  void frame(byte type, Buffer frame) {
    switch (type) {
      case Backend.DATA_ROW -> rows.add(Backend.readDataRow(frame));
      case Backend.ROW_DESCRIPTION -> fields = Backend.readRowDescription(frame);
      case Backend.PARAMETER_DESCRIPTION ->
          parameterTypes = Backend.readParameterDescription(frame);
      case Backend.ERROR_RESPONSE -> error = Optional.of(ErrorFields.read(frame));
      default -> {}
    }
  }

  void complete() {
    done.tryComplete(this);
  }

  void fail(Throwable failure) {
    done.tryFail(failure);
  }

  /** Completes with the last reply, whether there was an error or not. */
  Future<InjectedReply> future() {
    return done.future();
  }

  List<List<Optional<String>>> rows() {
    return rows;
  }

  /** The OIDs of the last ParameterDescription. */
  List<Integer> parameterTypes() {
    return parameterTypes;
  }

  /** The last RowDescription, empty if there was none. */
  List<Backend.Field> fields() {
    return fields;
  }

  Optional<ErrorFields> error() {
    return error;
  }
}
