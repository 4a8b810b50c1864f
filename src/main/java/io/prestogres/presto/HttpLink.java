package io.prestogres.presto;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;

/** A pool of connections to a coordinator. */
record HttpLink(Vertx vertx, HttpClient http, PrestoCoordinator coordinator) {}
