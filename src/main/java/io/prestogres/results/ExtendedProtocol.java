package io.prestogres.results;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.WireReader;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * The extended protocol as far as postgres_fdw speaks it: for DECLARE with parameters, over the
 * unnamed statement and portal. Belongs to the connection's context.
 */
final class ExtendedProtocol {
  private final EndpointTransaction transaction;
  private String prepared = "";
  private List<Optional<String>> bound = List.of();
  private boolean skippingToSync;

  ExtendedProtocol(EndpointTransaction transaction) {
    this.transaction = transaction;
  }

  /** What a message is answered; after an error nothing is, up to the next Sync. */
  Buffer answer(byte type, Buffer frame) {
    if (type == Frontend.SYNC) {
      skippingToSync = false;
      return Backend.readyForQuery(transaction.status());
    }
    if (skippingToSync) {
      return Buffer.buffer();
    }
    try {
      return step(type, frame);
    } catch (PgException e) {
      skippingToSync = true;
      transaction.fail();
      return e.fields().toErrorResponse();
    }
  }

  private Buffer step(byte type, Buffer frame) {
    WireReader reader = WireReader.body(frame);
    switch (type) {
      case Frontend.PARSE -> {
        reader.readCString();
        prepared = reader.readCString();
        return Backend.empty('1');
      }
      case Frontend.BIND -> {
        bound = readParameters(reader);
        return Backend.empty('2');
      }
      case Frontend.DESCRIBE -> {
        return Backend.empty('n');
      }
      case Frontend.EXECUTE -> {
        return transaction.answer(EndpointStatement.read(prepared), prepared, bound);
      }
      case Frontend.CLOSE -> {
        return Backend.empty('3');
      }
      case Frontend.FLUSH -> {
        return Buffer.buffer();
      }
      default ->
          throw PgException.protocolViolation(
              "the results endpoint does not know message type 0x%02x".formatted(type));
    }
  }

  /**
   * String portal, String statement, formats, then the values, which postgres_fdw sends as text.
   */
  private static List<Optional<String>> readParameters(WireReader reader) {
    reader.readCString();
    reader.readCString();
    int formats = reader.readCount(2);
    for (int i = 0; i < formats; i++) {
      if (reader.readShort() != 0) {
        throw PgException.error(
            SqlState.FEATURE_NOT_SUPPORTED, "the results endpoint takes parameters as text only");
      }
    }
    return reader.readTextValues();
  }
}
