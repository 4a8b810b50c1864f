/**
 * Declarations of the few types of PL/Java's API that the table function uses, to compile against:
 * the API is in no public repository of Maven's. They never leave this build; inside PostgreSQL
 * PL/Java brings its own, which the jar must not hide.
 */
package org.postgresql.pljava;
