package io.prestogres.sql;

/** A column that a query puts out, by the name that PostgreSQL gives it. */
record OutputColumn(String name, SqlType type) {}
