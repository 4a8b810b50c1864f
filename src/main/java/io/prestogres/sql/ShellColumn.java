package io.prestogres.sql;

/**
 * A column of a {@link Shell}. The column has the same name on both sides.
 *
 * @param prestoType as Presto prints it: {@code varchar(15)}, {@code decimal(12,2)}
 * @param postgresType as format_type prints it: {@code character varying(15)}, {@code integer[]}
 */
public record ShellColumn(String name, String prestoType, String postgresType) {}
