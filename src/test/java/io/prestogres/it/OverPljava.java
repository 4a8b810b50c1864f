package io.prestogres.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class get a stack whose table function is PL/Java's, in the PostgreSQL that is
 * installed on this machine; they are skipped where that has no PL/Java.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InstalledPljava.Condition.class)
@interface OverPljava {}
