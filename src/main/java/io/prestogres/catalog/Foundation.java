package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.literal;

/**
 * What {@code setup_system_catalog} needs in a database before there can be shells: the role that
 * owns them, the two foreign servers that lead back to the proxy, and the table function.
 *
 * <p>All of it may be run again at any time. The table function is a SECURITY DEFINER function over
 * a foreign table that nobody else may read, and puts the backend's process id and the session's
 * role into each request by itself, so no request can be forged.
 */
public final class Foundation {
  /** The role that owns everything the mirror makes; it cannot log in. */
  public static final String OWNER = "prestogres_owner";

  /** The server under the table function. */
  public static final String RESULTS_SERVER = "prestogres_results";

  /** The server under the shells. */
  public static final String SCAN_SERVER = "prestogres_scan";

  /** Rows fetched at a time by a scan. */
  private static final int SCAN_FETCH_SIZE = 10_000;

  /** The key under which the servers are made and changed: "prestosv" in ASCII. */
  private static final long SERVER_LOCK = 0x7072_6573_746f_7376L;

  private Foundation() {}

  /** Schemas and tables; run as the control role, once it has its {@link ControlRights}. */
  static String objects() {
    return """
        SET ROLE prestogres_owner;
        CREATE SCHEMA IF NOT EXISTS prestogres;
        GRANT USAGE ON SCHEMA prestogres TO PUBLIC;
        CREATE SCHEMA IF NOT EXISTS prestogres_scan;
        CREATE TABLE IF NOT EXISTS prestogres.secret (value text NOT NULL);
        DO $$ DECLARE old record; BEGIN
          IF NOT EXISTS (SELECT FROM prestogres.secret) THEN
            INSERT INTO prestogres.secret VALUES (
              pg_catalog.concat(pg_catalog.gen_random_uuid(), pg_catalog.gen_random_uuid()));
            -- Restored from a dump without the secret that they were made of.
            FOR old IN SELECT m.srvname, m.usename FROM pg_catalog.pg_user_mappings m
                       WHERE m.srvname IN ('prestogres_results', 'prestogres_scan') LOOP
              EXECUTE pg_catalog.format('DROP USER MAPPING FOR %I SERVER %I',
                                        old.usename, old.srvname);
            END LOOP;
          END IF;
        END $$;
        CREATE TABLE IF NOT EXISTS prestogres.mirrored_schema (schema_name text PRIMARY KEY);
        ALTER TABLE prestogres.mirrored_schema
          ADD COLUMN IF NOT EXISTS per_user boolean NOT NULL DEFAULT false;
        CREATE TABLE IF NOT EXISTS prestogres.shell (
          schema_name text, table_name text, presto_types jsonb NOT NULL,
          comments jsonb NOT NULL DEFAULT '{}',
          PRIMARY KEY (schema_name, table_name));
        ALTER TABLE prestogres.shell
          ADD COLUMN IF NOT EXISTS comments jsonb NOT NULL DEFAULT '{}',
          ADD COLUMN IF NOT EXISTS statistics jsonb;
        CREATE TABLE IF NOT EXISTS prestogres.catalog_problem (
          schema_name text NOT NULL, table_name text NOT NULL, reason text NOT NULL,
          noticed timestamp with time zone NOT NULL DEFAULT pg_catalog.now());
        GRANT SELECT ON prestogres.catalog_problem TO PUBLIC;
        CREATE TABLE IF NOT EXISTS prestogres.catalog_state (
          schema_name text PRIMARY KEY, catalog_name text NOT NULL, coordinator text NOT NULL,
          instance text NOT NULL, read_at timestamp with time zone, took interval,
          tables integer NOT NULL, columns integer NOT NULL) WITH (fillfactor = 30);
        GRANT SELECT ON prestogres.catalog_state TO PUBLIC;
        RESET ROLE;
        """;
  }

  /**
   * Takes over shells of which nothing is written down, as a restored dump of their schema alone
   * has them: without their children they would answer nothing. What is written down of statistics
   * holds where PostgreSQL has any: dumps and pg_upgrade lose them.
   */
  static String adoption() {
    return """
        INSERT INTO prestogres.mirrored_schema
          SELECT n.nspname FROM pg_catalog.pg_namespace n
          WHERE n.nspowner = 'prestogres_owner'::pg_catalog.regrole
            AND n.nspname NOT IN ('prestogres', 'prestogres_scan')
          ON CONFLICT DO NOTHING;
        INSERT INTO prestogres.shell (schema_name, table_name, presto_types)
          SELECT n.nspname, c.relname, '{}'
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relowner = 'prestogres_owner'::pg_catalog.regrole
            AND n.nspname NOT IN ('prestogres', 'prestogres_scan')
            AND (c.relkind IN ('p', 'f')
                 OR c.relkind = 'r'
                    AND EXISTS (SELECT FROM pg_catalog.pg_constraint r
                                WHERE r.conrelid = c.oid AND r.conname = 'rows are in Presto'))
          ON CONFLICT DO NOTHING;
        UPDATE prestogres.shell s SET statistics = NULL
          FROM pg_catalog.pg_namespace n
          JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
          LEFT JOIN pg_catalog.pg_inherits i ON i.inhparent = c.oid
          JOIN pg_catalog.pg_class scanned ON scanned.oid = COALESCE(i.inhrelid, c.oid)
          WHERE n.nspname = s.schema_name AND c.relname = s.table_name
            AND s.statistics IS NOT NULL AND scanned.reltuples < 0;
        """;
  }

  /** The two servers; run as the control role, which then owns nothing of it. */
  static String servers(String host, int port, String database) {
    return server(RESULTS_SERVER, host, port, database, 1)
        + server(SCAN_SERVER, host, port, database, SCAN_FETCH_SIZE);
  }

  private static String server(String name, String host, int port, String database, int fetchSize) {
    String[][] options = {
      {"host", host},
      {"port", String.valueOf(port)},
      {"dbname", database},
      {"sslmode", "disable"},
      {"gssencmode", "disable"},
      {"connect_timeout", "5"},
      {"application_name", "prestogres %p"},
      {"fetch_size", String.valueOf(fetchSize)},
      {"updatable", "false"},
      {"truncatable", "false"}
    };
    StringBuilder create = new StringBuilder();
    StringBuilder set = new StringBuilder();
    StringBuilder array = new StringBuilder();
    for (String[] option : options) {
      String separator = create.isEmpty() ? "" : ", ";
      create.append(separator).append(option[0]).append(' ').append(literal(option[1]));
      set.append(separator).append("SET ").append(option[0]).append(' ').append(literal(option[1]));
      array.append(separator).append(literal(option[0] + "=" + option[1]));
    }
    return """
        SET ROLE prestogres_owner;
        DO $do$ BEGIN
          PERFORM pg_catalog.pg_advisory_xact_lock(%5$d);
          IF NOT EXISTS (SELECT FROM pg_catalog.pg_foreign_server WHERE srvname = '%1$s') THEN
            CREATE SERVER %1$s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (%2$s);
          ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_foreign_server
                            WHERE srvname = '%1$s' AND srvoptions @> ARRAY[%3$s]) THEN
            ALTER SERVER %1$s OPTIONS (%4$s);
          END IF;
        END $do$;
        RESET ROLE;
        """
        .formatted(name, create, array, set, SERVER_LOCK);
  }

  /**
   * The table function; run once the servers stand. Its second argument has an element for each
   * {@code ?} of the query, in order: the value's text or NULL. Presto gets it cast to the type
   * that Presto itself takes that {@code ?} for, or as a varchar where it knows none. Columns of a
   * batch come joined by what stands in no array's literal, which PostgreSQL takes apart without
   * looking at each sign, as it would at an array of them.
   */
  static String tableFunction() {
    return """
        SET ROLE prestogres_owner;
        CREATE FOREIGN TABLE IF NOT EXISTS prestogres.result_batch (batch text, request jsonb)
          SERVER prestogres_results OPTIONS (schema_name 'prestogres', table_name 'result_batch');
        DO $$ BEGIN
          IF EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attname = 'batch'
              AND attrelid = pg_catalog.to_regclass('prestogres.result_batch')
              AND atttypid = 'text[]'::pg_catalog.regtype) THEN
            ALTER FOREIGN TABLE prestogres.result_batch ALTER COLUMN batch TYPE text;
          END IF;
        END $$;
        CREATE OR REPLACE FUNCTION prestogres.fetch_presto_query_results(
            query text, parameters text[] DEFAULT '{}')
          RETURNS SETOF text[]
          LANGUAGE sql VOLATILE SECURITY DEFINER PARALLEL UNSAFE ROWS 1000
          SET search_path = pg_catalog, pg_temp
          AS $$ SELECT pg_catalog.string_to_array(batch, '}"{') FROM prestogres.result_batch r
                WHERE r.request = (SELECT pg_catalog.jsonb_build_object(
                  'query', $1, 'parameters', $2,
                  'pid', pg_catalog.pg_backend_pid(), 'user', session_user)) $$;
        GRANT EXECUTE ON FUNCTION prestogres.fetch_presto_query_results TO PUBLIC;
        RESET ROLE;
        """;
  }

  /**
   * How users ask for a refresh: by a foreign table that only the procedure may read, whose rows
   * are what the user has to be told. Everybody may call it until somebody revokes that; refreshes
   * that are asked for at the same time are one.
   */
  static String refreshProcedure() {
    return """
        SET ROLE prestogres_owner;
        CREATE FOREIGN TABLE IF NOT EXISTS prestogres.refresh_request (message text, request jsonb)
          SERVER prestogres_results
          OPTIONS (schema_name 'prestogres', table_name 'refresh_request');
        CREATE OR REPLACE PROCEDURE prestogres.refresh_catalog(schema_name text DEFAULT NULL)
          LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
          AS $$
          DECLARE told text;
          BEGIN
            FOR told IN
              SELECT r.message FROM prestogres.refresh_request r
              WHERE r.request = (SELECT pg_catalog.jsonb_build_object('schema', $1))
            LOOP
              RAISE WARNING '%', told;
            END LOOP;
          END $$;
        RESET ROLE;
        """;
  }

  /**
   * How a role gets its own password towards the results endpoint, which it cannot read: what
   * {@link EndpointPasswords} derives too, an HMAC (RFC 2104) of its name. PostgreSQL computes it,
   * so that it stands in no statement that somebody may see or log.
   */
  static String roleMapping() {
    return """
        SET ROLE prestogres_owner;
        CREATE OR REPLACE FUNCTION prestogres.endpoint_password(role_name text) RETURNS text
          LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
          AS $$
            WITH given AS (SELECT convert_to(value, 'UTF8') AS secret FROM prestogres.secret),
            short AS (SELECT CASE WHEN octet_length(secret) > 64 THEN sha256(secret)
                             ELSE secret END AS secret FROM given),
            key AS (SELECT secret || decode(repeat('00', 64 - octet_length(secret)), 'hex')
                    AS bytes FROM short),
            pads AS (
              SELECT string_agg(set_byte('\\x00', 0, get_byte(bytes, i) # 54), '' ORDER BY i) AS i,
                     string_agg(set_byte('\\x00', 0, get_byte(bytes, i) # 92), '' ORDER BY i) AS o
              FROM key, generate_series(0, 63) AS i)
            SELECT rtrim(translate(encode(sha256(o || sha256(i || convert_to(role_name, 'UTF8'))),
                                          'base64'), '+/', '-_'), '=') FROM pads $$;
        CREATE OR REPLACE PROCEDURE prestogres.map_role(role_name text, server_name text)
          LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
          AS $$ BEGIN
            EXECUTE format('CREATE USER MAPPING IF NOT EXISTS FOR %I SERVER %I'
                             ' OPTIONS (user %L, password %L)', role_name, server_name, role_name,
                           prestogres.endpoint_password(role_name));
          EXCEPTION WHEN OTHERS THEN
            -- PostgreSQL would show the statement that has failed.
            RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
          END $$;
        REVOKE ALL ON FUNCTION prestogres.endpoint_password FROM PUBLIC;
        REVOKE ALL ON PROCEDURE prestogres.map_role FROM PUBLIC;
        RESET ROLE;
        """;
  }

  /** Gives a role a mapping for a server, if it has none; run as the owner of both. */
  static String mapRole(String role, String server) {
    return "CALL prestogres.map_role(" + literal(role) + ", " + literal(server) + ");\n";
  }
}
