package io.prestogres.catalog;

/**
 * The SQL of the table function over PL/Java.
 *
 * <p>Nobody but their owner may call the Java functions. They are in a language of their own, whose
 * name the security policy knows: who may make functions in Java could otherwise make another one
 * over the same class and call it with a user of his choice. The table function around them is a
 * SECURITY DEFINER function that looks up by itself as whom Presto is asked, in {@code
 * prestogres.session}, which nobody but the owner may read. The row of process 0 is for backends
 * whose session is not the proxy's; such a client runs as itself.
 */
final class PljavaFunction {
  /** Counts up when the proxy and the jar have to change together; the jar tells its own. */
  static final String CONTRACT = "5";

  /** Whether there is hope: the extension and a class path; run before anything starts a JVM. */
  static final String PREREQUISITES =
      """
      SELECT EXISTS (SELECT FROM pg_catalog.pg_available_extensions
                     WHERE name = 'pljava') AS available,
             coalesce(pg_catalog.current_setting('pljava.vmoptions', true), '')
               LIKE '%-Djava.class.path=%' AS class_path
      """;

  static final String VERSION =
      "SELECT extversion AS extension, prestogres.pljava_version() AS jar"
          + " FROM pg_catalog.pg_extension WHERE extname = 'pljava'";

  /** Derived from what only the owner can read, and by nobody else. */
  private static final String SEAL_KEY =
      "(SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to("
          + "'prestogres.session ' || value, 'UTF8')), 'hex') FROM prestogres.secret)";

  private PljavaFunction() {}

  /** PL/Java itself and what its owner needs of it; run as the control role. */
  static String extension() {
    return """
    SET client_min_messages TO error;
    CREATE EXTENSION IF NOT EXISTS pljava;
    DO $$ BEGIN
      PERFORM sqlj.alias_java_language('prestogres_java', true, true);
    END $$;
    GRANT USAGE ON LANGUAGE prestogres_java TO prestogres_owner;
    GRANT USAGE ON SCHEMA sqlj TO prestogres_owner;
    GRANT SELECT ON ALL TABLES IN SCHEMA sqlj TO prestogres_owner;
    GRANT pg_read_all_stats TO prestogres_owner;
    SET ROLE prestogres_owner;
    CREATE OR REPLACE FUNCTION prestogres.pljava_version() RETURNS text
      LANGUAGE prestogres_java AS 'io.prestogres.functions.PrestoFunctions.version()';
    REVOKE ALL ON FUNCTION prestogres.pljava_version FROM PUBLIC;
    RESET ROLE;
    """;
  }

  /**
   * The tables and the functions below the table function; run once the jar is the right one. The
   * table of sessions is unlogged: what it holds of secrets, though sealed, is in no backup and on
   * no replica, and its rows are of no use after a crash.
   */
  static String objects() {
    return """
    SET ROLE prestogres_owner;
    CREATE UNLOGGED TABLE IF NOT EXISTS prestogres.session (
      pid integer PRIMARY KEY, started timestamp with time zone, role text NOT NULL,
      url text NOT NULL, presto_user text, settings text[] NOT NULL, sealed text);
    DO $$ BEGIN
      IF EXISTS (SELECT FROM pg_catalog.pg_class WHERE relpersistence = 'p'
                 AND oid = pg_catalog.to_regclass('prestogres.session')) THEN
        ALTER TABLE prestogres.session ADD COLUMN IF NOT EXISTS sealed text;
        ALTER TABLE prestogres.session SET UNLOGGED;
      END IF;
    END $$;
    REVOKE ALL ON prestogres.session FROM PUBLIC;
    DELETE FROM prestogres.session s WHERE pid <> 0 AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_stat_activity a
      WHERE a.pid = s.pid AND a.backend_start = s.started);
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attname = 'failure'
          AND attrelid = pg_catalog.to_regclass('prestogres.pljava_batch')) THEN
        DROP FUNCTION IF EXISTS prestogres.pljava_fetch;
        DROP TYPE IF EXISTS prestogres.pljava_batch;
        CREATE TYPE prestogres.pljava_batch AS (batch bytea, failure text[]);
      END IF;
    END $$;
    CREATE OR REPLACE FUNCTION prestogres.pljava_fetch(
        url text, settings text[], query text, parameters text[])
      RETURNS SETOF prestogres.pljava_batch
      LANGUAGE prestogres_java VOLATILE PARALLEL UNSAFE ROWS 1000
      AS 'io.prestogres.functions.PrestoFunctions.fetch(java.lang.String,java.lang.String[],\
    java.lang.String,java.lang.String[])';
    REVOKE ALL ON FUNCTION prestogres.pljava_fetch FROM PUBLIC;
    CREATE OR REPLACE FUNCTION prestogres.raise_presto_failure(failure text[])
      RETURNS text[] LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        IF failure[4] = '' THEN
          RAISE EXCEPTION USING ERRCODE = failure[2], MESSAGE = failure[3];
        END IF;
        RAISE EXCEPTION USING
          ERRCODE = failure[2], MESSAGE = failure[3], DETAIL = failure[4];
      END $$;
    REVOKE ALL ON FUNCTION prestogres.raise_presto_failure FROM PUBLIC;
    RESET ROLE;
    """;
  }

  /** The key with which secrets for the functions are sealed, in hexadecimal digits. */
  static String sealKey() {
    return "SELECT " + SEAL_KEY + " AS key";
  }

  /**
   * The table function, which is the loopback provider's by name, arguments and rows. Time zone and
   * name are PostgreSQL's own settings at the time of the call. Rows with neither a batch nor a
   * failure, which say only that Presto is still at work, end here; PostgreSQL looks for a cancel
   * at each. Batches are bytes in which the columns are joined by what no array's literal holds.
   */
  static String tableFunction() {
    return """
    SET ROLE prestogres_owner;
    CREATE OR REPLACE FUNCTION prestogres.fetch_presto_query_results(
        query text, parameters text[] DEFAULT '{}')
      RETURNS SETOF text[]
      LANGUAGE sql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1000
      SET search_path = pg_catalog, pg_temp
      AS $$
        SELECT CASE WHEN f.failure IS NULL
                    THEN string_to_array(convert_from(f.batch, 'UTF8'), '}"{')
                    ELSE prestogres.raise_presto_failure(f.failure) END
        FROM (SELECT (r.fetched).batch, (r.fetched).failure FROM (
            SELECT prestogres.pljava_fetch(s.url, s.settings, $1, $2) AS fetched
            FROM (SELECT 1) AS always LEFT JOIN (
              SELECT t.url, t.settings || ARRAY[
                  'user=' || coalesce(t.presto_user, session_user::text),
                  'timeZone=' || current_setting('TimeZone'),
                  'clientInfo=' || current_setting('application_name')]
                || CASE WHEN t.sealed IS NULL THEN '{}' ELSE ARRAY[
                     'sealed=' || t.sealed, 'sealKey=' || %s] END AS settings
              FROM prestogres.session t
              WHERE t.pid = 0
                 OR t.pid = pg_backend_pid() AND t.role = session_user::text
                    AND t.started = (SELECT a.backend_start
                                     FROM pg_stat_get_activity(pg_backend_pid()) a)
              ORDER BY t.pid DESC LIMIT 1) s ON true OFFSET 0) r OFFSET 0) f
        WHERE f.batch IS NOT NULL OR f.failure IS NOT NULL $$;
    GRANT EXECUTE ON FUNCTION prestogres.fetch_presto_query_results TO PUBLIC;
    RESET ROLE;
    """
        .formatted(SEAL_KEY);
  }

  /** Whether the table function that stands is this one. */
  static final String STANDS =
      "SELECT EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n"
          + " ON n.oid = p.pronamespace WHERE n.nspname = 'prestogres'"
          + " AND p.proname = 'fetch_presto_query_results'"
          + " AND p.prosrc LIKE '%prestogres.pljava_fetch(%') AS stands";

  /** What an operator has to write, for messages. */
  static String instructions() {
    return """
    postgresql.conf needs, with the paths of this machine:
    pljava.libjvm_location = '/usr/lib/jvm/java-17-openjdk-amd64/lib/server/libjvm.so'
    pljava.vmoptions = '-Djava.class.path=/opt/prestogres/prestogres-presto-functions.jar \
    -Djava.security.manager=allow -XX:+UseSerialGC -Xmx128m -XX:TieredStopAtLevel=1'
    pljava.policy_urls = '"file:${org.postgresql.sysconfdir}/pljava.policy",\
    "jar:file:/opt/prestogres/prestogres-presto-functions.jar!/prestogres.policy","="'\
    """;
  }

  /**
   * Keeps what {@code started} tells apart: a process id is used again. The row of process 0 is
   * there again if a crash of PostgreSQL has emptied the table.
   */
  static String putSession() {
    return """
    WITH quick AS (SELECT pg_catalog.set_config('synchronous_commit', 'off', true)),
    everybody_else AS (
      INSERT INTO prestogres.session (pid, role, url, presto_user, settings, sealed)
      VALUES (0, '', $3, $4, $7, $8) ON CONFLICT (pid) DO NOTHING)
    INSERT INTO prestogres.session (pid, started, role, url, presto_user, settings, sealed)
    SELECT a.pid, a.backend_start, $2, $3, $4, $5, $6
    FROM quick, pg_catalog.pg_stat_get_activity($1) a
    ON CONFLICT (pid) DO UPDATE SET started = excluded.started, role = excluded.role,
      url = excluded.url, presto_user = excluded.presto_user, settings = excluded.settings,
      sealed = excluded.sealed
    RETURNING started
    """;
  }

  static String removeSession() {
    return """
    WITH quick AS (SELECT pg_catalog.set_config('synchronous_commit', 'off', true))
    DELETE FROM prestogres.session USING quick WHERE pid = $1 AND started = $2
    """;
  }

  static String replaceSealed() {
    return """
    WITH quick AS (SELECT pg_catalog.set_config('synchronous_commit', 'off', true))
    UPDATE prestogres.session s SET sealed = $1
    FROM quick, ROWS FROM (
      pg_catalog.unnest($2::integer[]), pg_catalog.unnest($3::timestamp with time zone[])
    ) AS old (pid, started)
    WHERE s.pid = old.pid AND s.started IS NOT DISTINCT FROM old.started
    """;
  }

  static String putEverybodyElse() {
    return """
    INSERT INTO prestogres.session (pid, role, url, presto_user, settings, sealed)
    VALUES (0, '', $1, $2, $3, $4)
    ON CONFLICT (pid) DO UPDATE SET url = excluded.url, presto_user = excluded.presto_user,
      settings = excluded.settings, sealed = excluded.sealed
    """;
  }

  /**
   * Wakes a backend that waits although it has been told to stop: with a JVM inside it hears the
   * signal but does not wake up. Any other signal that PostgreSQL sets its latch for does that;
   * this is the only one that is to be had by SQL and means no harm.
   */
  static String wake(int processId) {
    return "SELECT pg_catalog.pg_log_backend_memory_contexts(a.pid) FROM"
        + " pg_catalog.pg_stat_get_activity("
        + processId
        + ") a WHERE a.state = 'active'"
        + " AND a.wait_event_type IN ('Timeout', 'Lock', 'IPC', 'Extension', 'BufferPin')";
  }
}
