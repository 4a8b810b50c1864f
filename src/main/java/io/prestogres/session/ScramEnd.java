package io.prestogres.session;

import io.prestogres.auth.ScramBinding;
import io.prestogres.auth.ScramClient;
import io.prestogres.auth.ScramServer;
import io.prestogres.auth.ScramVerifier;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.Sasl;
import io.prestogres.protocol.SqlState;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * Two exchanges of SCRAM in place of one that is relayed: the client proves to the proxy that it
 * knows the password and sees the proxy's certificate, and with the ClientKey that is in its proof
 * the proxy logs in to PostgreSQL. PostgreSQL decides: who proves nothing is refused by it. Belongs
 * to the session's context.
 */
final class ScramEnd {
  private final Optional<ScramVerifier> verifier;
  private final ScramServer toClient;
  private final ScramClient toPostgresql;
  private final Link postgresql;
  private boolean chosen;
  private boolean greeted;
  private boolean challenged;
  private boolean proven;

  /**
   * Begins with PostgreSQL.
   *
   * @param offered PostgreSQL's mechanisms
   * @param verifier the role's; empty if it has none
   */
  ScramEnd(Relay relay, List<String> offered, Optional<ScramVerifier> verifier) {
    this.verifier = verifier;
    this.postgresql = relay.server();
    this.toClient = new ScramServer(relay.client().certificateShown().flatMap(ScramBinding::of));
    this.toPostgresql =
        new ScramClient(
            offered,
            postgresql.encrypted(),
            postgresql.certificateSeen().flatMap(ScramBinding::of));
    postgresql.write(
        new Sasl.InitialResponse(toPostgresql.mechanism(), Optional.of(toPostgresql.first()))
            .toBuffer());
  }

  /** What the client is offered. */
  Buffer offer() {
    return Sasl.offer(toClient.mechanisms());
  }

  /**
   * The client answers.
   *
   * @return what it is told
   * @throws PgException if that is not in order
   */
  Buffer answered(Buffer frame) {
    if (!chosen) {
      Sasl.InitialResponse initial = Sasl.InitialResponse.read(frame);
      toClient.choose(initial.mechanism());
      chosen = true;
      return initial.data().map(this::greeted).orElseGet(() -> Sasl.challenge(new byte[0]));
    }
    byte[] data = Sasl.readResponse(frame);
    if (!greeted) {
      return greeted(data);
    }
    Optional<byte[]> clientKey = toClient.clientKey(data, verifier);
    proven = clientKey.isPresent();
    postgresql.write(Sasl.response(toPostgresql.last(clientKey)));
    return FrameHandler.NOTHING;
  }

  private Buffer greeted(byte[] clientFirst) {
    toClient.first(clientFirst);
    greeted = true;
    return challenge();
  }

  /**
   * PostgreSQL goes on.
   *
   * @return what the client is told
   * @throws PgException if that is not in order
   */
  Buffer authentication(int code, Buffer frame) {
    switch (code) {
      case Sasl.CHALLENGE -> {
        toPostgresql.challenged(Sasl.readData(frame));
        challenged = true;
        return challenge();
      }
      case Sasl.FINAL -> {
        ScramVerifier known = verifier.filter(found -> proven).orElseThrow(ScramEnd::stranger);
        if (!toPostgresql.confirms(Sasl.readData(frame), known)) {
          throw stranger();
        }
        return Sasl.last(toClient.confirmation(known));
      }
      default -> {
        return frame;
      }
    }
  }

  /** The salt is PostgreSQL's, so both have to have spoken. */
  private Buffer challenge() {
    return greeted && challenged
        ? Sasl.challenge(toClient.challenge(toPostgresql.salt(), toPostgresql.iterations()))
        : FrameHandler.NOTHING;
  }

  private static PgException stranger() {
    return PgException.fatal(
        SqlState.CONNECTION_FAILURE,
        "PostgreSQL's answer does not show that it knows the password");
  }
}
