package io.prestogres.results;

/**
 * Who asks for rows.
 *
 * @param database the database its backend is connected to
 * @param role the PostgreSQL role
 * @param processId of the backend, 0 if it did not tell
 */
public record Requester(String database, String role, int processId) {}
