package io.prestogres.sql;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.sf.jsqlparser.parser.AbstractJSqlParser.Dialect;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.parser.TokenMgrException;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.Select;

/**
 * The only caller of JSqlParser. Parsing blocks, from a tenth of a millisecond to some hundred, and
 * recurses deeply: run it, and with it all of {@link Translator}, on the threads of {@link
 * #workers}.
 */
public final class SqlParser {

  /** Chains of some thousand operators overflow the ordinary stack of one megabyte. */
  private static final long STACK_SIZE = 16L << 20;

  private SqlParser() {}

  /**
   * Threads fit for parsing, with large stacks. The caller closes the executor.
   *
   * @param threads how many statements are parsed at a time
   * @param waiting how many more may wait; beyond that submission is rejected
   */
  public static ExecutorService workers(int threads, int waiting) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            task -> {
              String name = "sql-parser-" + number.incrementAndGet();
              Thread thread = new Thread(null, task, name, STACK_SIZE);
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  /** Parses once, so that the first client does not wait for class loading (0.1 to 0.2 seconds). */
  public static void warmUp() {
    try {
      NormalForm form =
          Normalizer.normalize(
              "WITH a AS (SELECT b, count(*) FROM c GROUP BY b) SELECT CASE WHEN d = 1 THEN 2 END"
                  + " FROM a JOIN e ON f = g WHERE h IN (1, 2) AND i LIKE 'j%' ORDER BY 1 LIMIT 1");
      parse(form);
    } catch (Untranslatable e) {
      throw new IllegalStateException("the statement to warm up with must parse", e);
    }
  }

  static Select parse(NormalForm form) throws Untranslatable {
    try {
      return parse(form.text(), false);
    } catch (ParseException | TokenMgrException simple) {
      // Simple mode is twice as fast for what fails, but knows no conditions as values of CASE.
      try {
        return parse(form.text(), true);
      } catch (ParseException | TokenMgrException complex) {
        throw new Untranslatable("the query's grammar has no rule");
      }
    }
  }

  private static Select parse(String text, boolean complex) throws ParseException, Untranslatable {
    CCJSqlParser parser =
        new CCJSqlParser(new StringProvider(text))
            .withDialect(Dialect.POSTGRESQL)
            .withAllowComplexParsing(complex);
    Statement statement;
    try {
      statement = parser.Statement();
    } catch (StackOverflowError e) {
      throw new Untranslatable("the query is nested too deeply");
    }
    // The parser stops, content, at the end of a first statement.
    if (parser.getNextToken().kind != 0) {
      throw new ParseException("more follows");
    }
    if (statement instanceof Select select) {
      return select;
    }
    throw new Untranslatable("the statement is not a query");
  }
}
