package io.prestogres.session;

import io.netty.buffer.ByteBuf;
import io.prestogres.intercept.InterceptorChain;
import io.prestogres.plugin.Query;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.FrameSplitter;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * {@link Requests} of a client about which plugins are asked. Every text waits at the {@link Gate}
 * until they have decided; then it goes on as if the client had sent what they made of it, or, if
 * they refuse it, something that fails goes in its place, so that transactions and batches end as
 * they do for every other error. Where plugins see texts, none passes that they cannot be shown.
 *
 * <p>Belongs to the session's context.
 */
final class Interception implements FrameHandler {
  private static final System.Logger LOG = System.getLogger(Interception.class.getName());

  /** What was decided about the message that is handed over again. */
  private record Decision(Optional<ErrorFields> refusal, Optional<Buffer> instead) {}

  /**
   * What plugins are asked about, and what is followed.
   *
   * @param chain asks them
   * @param seesQueries whether they want to see texts
   * @param watch if they are told of responses
   * @param maxStatement the longest message with a text, in bytes
   */
  record Terms(
      InterceptorChain chain,
      boolean seesQueries,
      Optional<ResponseWatch> watch,
      long maxStatement) {}

  /** A message with a text. */
  private record Message(ResponseWatch.Arrival arrival, List<Integer> parameterTypes) {
    static Message read(byte type, Buffer frame, long nanos) {
      if (type == Frontend.QUERY) {
        Query query = new Query(Frontend.readQuery(frame), Query.Protocol.SIMPLE);
        return new Message(new ResponseWatch.Arrival(query, "", nanos), List.of());
      }
      Frontend.Parse parse = Frontend.Parse.read(frame);
      Query query = new Query(parse.text(), Query.Protocol.EXTENDED);
      return new Message(
          new ResponseWatch.Arrival(query, parse.name(), nanos), parse.parameterTypes());
    }

    Query query() {
      return arrival.query();
    }

    Buffer with(String text) {
      return query().protocol() == Query.Protocol.SIMPLE
          ? Frontend.query(text)
          : Frontend.parse(arrival.name(), text, parameterTypes);
    }
  }

  private final Requests requests;
  private final Relay relay;
  private final Gate gate;
  private final SessionParameters parameters;
  private final Terms terms;
  private Optional<Decision> decision = Optional.empty();
  private int dropping;

  Interception(
      Requests requests, Relay relay, Gate gate, SessionParameters parameters, Terms terms) {
    this.requests = requests;
    this.relay = relay;
    this.gate = gate;
    this.parameters = parameters;
    this.terms = terms;
  }

  @Override
  public boolean opens(byte type, int length) {
    boolean opened =
        switch (type) {
          case Frontend.QUERY, Frontend.PARSE, Frontend.FUNCTION_CALL ->
              terms.seesQueries() || (type != Frontend.FUNCTION_CALL && shown(length));
          case Frontend.BIND, Frontend.EXECUTE, Frontend.CLOSE -> terms.watch().isPresent();
          default -> false;
        };
    if (opened) {
      return true;
    }
    if (type == Frontend.QUERY || type == Frontend.PARSE) {
      arrived(unknown(type));
    }
    return requests.opens(type, length);
  }

  private boolean shown(int length) {
    return length <= terms.maxStatement();
  }

  @Override
  public int gathers(byte type, int length) {
    boolean whole = (type == Frontend.QUERY || type == Frontend.PARSE) && shown(length);
    return whole ? length : requests.gathers(type, length);
  }

  @Override
  public Buffer frame(byte type, Buffer frame) {
    if (relay.queue().copyingIn()) {
      // PostgreSQL does not run it.
      return requests.frame(type, frame);
    }
    switch (type) {
      case Frontend.QUERY, Frontend.PARSE, Frontend.FUNCTION_CALL -> {
        return decision.isEmpty() ? ask(type, frame) : carryOut(decision.get(), type, frame);
      }
      default -> {
        terms.watch().ifPresent(watch -> follow(watch, type, frame));
        return handOver(type, frame);
      }
    }
  }

  @Override
  public void pass(ByteBuf bytes) {
    int dropped = Math.min(dropping, bytes.readableBytes());
    dropping -= dropped;
    if (dropped < bytes.readableBytes()) {
      requests.pass(bytes.slice(bytes.readerIndex() + dropped, bytes.readableBytes() - dropped));
    }
  }

  // What observers will be told.

  private void arrived(ResponseWatch.Arrival arrival) {
    terms.watch().ifPresent(watch -> watch.next(arrival));
  }

  private static ResponseWatch.Arrival unknown(byte type) {
    Query.Protocol protocol =
        type == Frontend.PARSE ? Query.Protocol.EXTENDED : Query.Protocol.SIMPLE;
    return new ResponseWatch.Arrival(new Query("", protocol), "", System.nanoTime());
  }

  private static void follow(ResponseWatch watch, byte type, Buffer head) {
    StatementTexts texts = watch.texts();
    Optional<String> portal = Frontend.portal(head);
    switch (type) {
      case Frontend.BIND ->
          portal.ifPresent(name -> texts.bound(name, Frontend.boundStatement(head).orElse("")));
      case Frontend.EXECUTE -> {
        Query query = new Query(texts.ofPortal(portal), Query.Protocol.EXTENDED);
        watch.next(new ResponseWatch.Arrival(query, "", System.nanoTime()));
      }
      default -> {
        Frontend.namedStatement(head).ifPresent(texts::namedStatement);
        Frontend.namedPortal(head).ifPresent(texts::namedPortal);
      }
    }
  }

  // The question.

  private Buffer ask(byte type, Buffer frame) {
    arrived(unknown(type));
    if (type == Frontend.FUNCTION_CALL) {
      return refuse(
          ErrorFields.error(
              SqlState.FEATURE_NOT_SUPPORTED,
              "function calls of the protocol cannot be shown to the plugins of this server"));
    }
    if (!shown(length(frame))) {
      return refuse(
          ErrorFields.error(
              SqlState.PROGRAM_LIMIT_EXCEEDED,
              "a statement has at most %d bytes here (max-statement)"
                  .formatted(terms.maxStatement())));
    }
    Message message;
    try {
      message = Message.read(type, frame, System.nanoTime());
    } catch (PgException unreadable) {
      return terms.seesQueries()
          ? refuse(ErrorFields.error(unreadable.fields().sqlState(), unreadable.fields().message()))
          : goOn(type, frame);
    }
    arrived(message.arrival());
    if (terms.seesQueries()) {
      return gate.hold(() -> ask(message));
    }
    // Nobody is asked, but observers may have fallen behind.
    Future<String> goesOn = terms.chain().query(message.query());
    if (goesOn.succeeded()) {
      return goOn(type, frame);
    }
    return gate.hold(() -> goesOn.onComplete(done -> decide(message, done)));
  }

  private void ask(Message message) {
    if (!parameters.readsAsUtf8(message.query().text())) {
      decide(Optional.of(unreadable()), Optional.empty());
    } else {
      terms.chain().query(message.query()).onComplete(done -> decide(message, done));
    }
  }

  private static ErrorFields unreadable() {
    return ErrorFields.error(
        SqlState.INVALID_TEXT,
        "the plugins of this server need client_encoding UTF8 for a statement that is not ASCII");
  }

  private Buffer refuse(ErrorFields error) {
    return gate.hold(() -> decide(Optional.of(error), Optional.empty()));
  }

  // The answer.

  private void decide(Message message, AsyncResult<String> text) {
    if (text.failed()) {
      decide(Optional.of(error(text.cause())), Optional.empty());
    } else if (text.result().equals(message.query().text())) {
      decide(Optional.empty(), Optional.empty());
    } else if (parameters.readsAsUtf8(text.result())) {
      decide(Optional.empty(), Optional.of(message.with(text.result())));
    } else {
      decide(Optional.of(unreadable()), Optional.empty());
    }
  }

  private static ErrorFields error(Throwable failure) {
    if (failure instanceof PgException known) {
      return known.fields();
    }
    LOG.log(System.Logger.Level.ERROR, "plugins could not be asked", failure);
    return ErrorFields.error(SqlState.INTERNAL_ERROR, "the statement could not be checked");
  }

  private void decide(Optional<ErrorFields> refusal, Optional<Buffer> instead) {
    if (!gate.abandoned()) {
      decision =
          Optional.of(
              gate.canceled()
                  ? new Decision(Optional.of(Plan.CANCELED), Optional.empty())
                  : new Decision(refusal, instead));
      gate.again();
    }
  }

  private Buffer goOn(byte type, Buffer frame) {
    Decision pass = new Decision(Optional.empty(), Optional.empty());
    decision = Optional.of(pass);
    return carryOut(pass, type, frame);
  }

  private Buffer carryOut(Decision made, byte type, Buffer frame) {
    if (made.refusal().isPresent()) {
      decision = Optional.empty();
      return fail(made.refusal().get(), type, frame);
    }
    Buffer result = handOver(type, made.instead().orElse(frame));
    if (result != LATER) {
      decision = Optional.empty();
    }
    return result;
  }

  private Buffer fail(ErrorFields error, byte type, Buffer frame) {
    Buffer failing;
    if (type == Frontend.PARSE) {
      relay.queue().refused(Frontend.PARSE, error);
      failing =
          Frontend.parse(Frontend.parsedStatement(frame).orElse(""), Planning.FAILS, List.of());
    } else {
      relay.queue().refused(Frontend.QUERY, error);
      failing = Frontend.query(Planning.FAILS);
    }
    if (frame.length() == length(frame)) {
      return failing;
    }
    // The gate has just opened, so the next bytes that are passed on are this message's.
    dropping = length(frame);
    requests.pass(FrameSplitter.bytesOf(failing));
    return frame;
  }

  /** Hands a message, as far as it was gathered, to those who plan it. */
  private Buffer handOver(byte type, Buffer frame) {
    int length = length(frame);
    if (!requests.opens(type, length)) {
      return frame;
    }
    int gathered = Math.min(requests.gathers(type, length), frame.length());
    Buffer seen = gathered < frame.length() ? frame.slice(0, gathered) : frame;
    Buffer result = requests.frame(type, seen);
    return result == seen ? frame : result;
  }

  /** The length of a frame of which perhaps only the head was gathered. */
  private static int length(Buffer head) {
    return head.getInt(1) + 1;
  }
}
