package io.prestogres.sql;

/**
 * What the values of a result's column can be read as.
 *
 * @param postgresType a type as format_type prints it; text for every type of characters, numeric
 *     for every numeric
 */
public record OutputType(String postgresType) {}
