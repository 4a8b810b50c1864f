package io.prestogres.sql;

/**
 * A column of a statement's result, as PostgreSQL described it.
 *
 * @param postgresType as format_type prints it
 */
public record ResultColumn(String name, String postgresType) {}
