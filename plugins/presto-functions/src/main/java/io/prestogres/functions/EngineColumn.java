package io.prestogres.functions;

/** A column of a result: its name, and its type in the engine. */
public record EngineColumn(String name, ColumnType type) {}
