package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.RedirectConfig.Tls;
import io.prestogres.config.TlsConfig.Mode;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.server.Prestogres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A cancel hits the session whose key it carries, or nobody. */
class CancelRaceIT {
  private static final int CANCELS = 1_000;
  private static final int THREADS = 4;

  private final List<Backend.KeyData> published = new CopyOnWriteArrayList<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger statements = new AtomicInteger();

  /** Opens sessions, runs statements and closes; counts those that were canceled. */
  private int sessions(int port, boolean target) throws Exception {
    int canceled = 0;
    while (!over.get()) {
      try (RawClient client = new RawClient(port)) {
        client.send(RawClient.startup("user", "presto", "database", "plain"));
        List<RawClient.Frame> greeting = client.readTo('Z');
        if (target) {
          greeting.stream()
              .filter(frame -> frame.type() == 'K')
              .forEach(frame -> published.add(Backend.KeyData.read(frame.bytes())));
        }
        for (int i = 0; i < 5; i++) {
          // A cancel takes its time to PostgreSQL, and what comes after its statement it spares.
          client.send(Frontend.query("select pg_sleep(%s)".formatted(target ? 0.1 : 0.005)));
          boolean failed =
              client.readTo('Z').stream()
                  .anyMatch(
                      frame -> frame.type() == 'E' && frame.error().sqlState().equals("57014"));
          canceled += failed ? 1 : 0;
          statements.incrementAndGet();
        }
        client.send(Frontend.terminate());
      }
    }
    return canceled;
  }

  private int cancel(int port, int times) throws Exception {
    for (int i = 0; i < times; ) {
      if (!published.isEmpty()) {
        // Old keys as well as those of sessions that are just opening or closing.
        int last = published.size();
        int oldest = ThreadLocalRandom.current().nextBoolean() ? 0 : Math.max(0, last - THREADS);
        Backend.KeyData key = published.get(ThreadLocalRandom.current().nextInt(oldest, last));
        try (RawClient canceling = new RawClient(port)) {
          canceling.send(Frontend.cancelRequest(key.processId(), key.secret()));
          canceling.assertEnd();
        }
        i++;
      } else {
        Thread.sleep(10);
      }
    }
    return times;
  }

  @Test
  void shouldNeverHitAnotherSession() throws Exception {
    int port = TlsStack.port();
    ExecutorService threads = Executors.newFixedThreadPool(3 * THREADS);
    try (TlsStack stack = TlsStack.start();
        Prestogres proxy =
            TlsStack.proxy(port, stack.tls(Mode.ALLOW), stack.redirect(Tls.REQUIRE, ""))) {
      assertThat(proxy.adminPort()).isEmpty();
      List<Future<Integer>> bystanders = new ArrayList<>();
      List<Future<Integer>> targets = new ArrayList<>();
      List<Future<Integer>> cancels = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Callable<Integer> bystander = () -> sessions(port, false);
        Callable<Integer> target = () -> sessions(port, true);
        Callable<Integer> cancel = () -> cancel(port, CANCELS / THREADS);
        bystanders.add(threads.submit(bystander));
        targets.add(threads.submit(target));
        cancels.add(threads.submit(cancel));
      }

      assertThat(sum(cancels)).isEqualTo(CANCELS);
      over.set(true);

      assertThat(sum(bystanders)).as("of %s statements", statements).isZero();
      assertThat(sum(targets)).as("cancels that hit").isPositive();
    } finally {
      over.set(true);
      threads.shutdownNow();
    }
  }

  private static int sum(List<Future<Integer>> futures) throws Exception {
    int sum = 0;
    for (Future<Integer> future : futures) {
      sum += future.get(120, TimeUnit.SECONDS);
    }
    return sum;
  }
}
