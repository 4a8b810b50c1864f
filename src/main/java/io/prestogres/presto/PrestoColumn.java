package io.prestogres.presto;

/**
 * One column of a result: its name as Presto gives it ({@code _col0} when it has none; names may
 * repeat), and its type.
 */
public record PrestoColumn(String name, PrestoType type) {}
