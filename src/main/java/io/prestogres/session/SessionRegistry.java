package io.prestogres.session;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The sessions of one instance by the process id of their backend, which is also the one the client
 * knows; the secret of a CancelRequest is ours. Thread-safe.
 */
public final class SessionRegistry {
  /** How often idle backends are to be woken. */
  public static final long WAKE_MILLIS = 2_000;

  private final SecureRandom random = new SecureRandom();
  private final Map<Integer, Session> byProcessId = new ConcurrentHashMap<>();

  /** A fresh secret as long as the backend's own, so that every client can hold it. */
  Buffer newSecret(int bytes) {
    byte[] secret = new byte[bytes];
    random.nextBytes(secret);
    return Buffer.buffer(secret);
  }

  void add(int processId, Session session) {
    byProcessId.put(processId, session);
  }

  void remove(int processId, Session session) {
    byProcessId.remove(processId, session);
  }

  /** The session a CancelRequest is for, if its secret is right. */
  public Optional<Session> find(int processId, Buffer secret) {
    return find(processId)
        .filter(session -> MessageDigest.isEqual(session.secret().getBytes(), secret.getBytes()));
  }

  /** The session that the backend with this process id serves. */
  public Optional<Session> find(int processId) {
    return Optional.ofNullable(byProcessId.get(processId));
  }

  /** How many sessions are open. */
  public int size() {
    return byProcessId.size();
  }

  /** The roles that are connected, by the databases that they are connected to. */
  public Map<String, Set<String>> roles() {
    return byProcessId.values().stream()
        .collect(
            Collectors.groupingBy(
                Session::database, Collectors.mapping(Session::user, Collectors.toSet())));
  }

  /** Lets every client finish what it does, then tells it that the proxy shuts down. */
  public void finishAll() {
    byProcessId.values().forEach(Session::finish);
  }

  /** Wakes idle backends with a JVM inside, which do not notice that they are to end. */
  public void wakeIdle() {
    byProcessId.values().forEach(Session::wake);
  }

  /** Ends the sessions whose clients have been silent for so long. */
  public void endIdle(Duration timeout) {
    byProcessId.values().forEach(session -> session.endIfSilent(timeout));
  }

  /**
   * Ends what every client does, and tells it that the proxy shuts down.
   *
   * @return completes when PostgreSQL knows
   */
  public Future<Void> closeAll() {
    return Future.join(byProcessId.values().stream().map(Session::shutDown).toList()).mapEmpty();
  }
}
