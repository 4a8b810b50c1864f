package io.prestogres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The shells that the tables of statements are written against. */
final class TpchShells implements ShellResolver {

  private static final Pattern COMMA = Pattern.compile(", ");

  private static final Map<String, String> POSTGRES =
      Map.of("double", "double precision", "timestamp", "timestamp without time zone");

  private static final List<Shell> SHELLS =
      List.of(
          shell(
              "nation",
              "nationkey bigint, name varchar(25), regionkey bigint, comment varchar(152)"),
          shell("region", "regionkey bigint, name varchar(25), comment varchar(152)"),
          shell(
              "part",
              "partkey bigint, name varchar(55), mfgr varchar(25), brand varchar(10), type varchar(25), size integer, container varchar(10), retailprice double, comment varchar(23)"),
          shell(
              "supplier",
              "suppkey bigint, name varchar(25), address varchar(40), nationkey bigint, phone varchar(15), acctbal double, comment varchar(101)"),
          shell(
              "partsupp",
              "partkey bigint, suppkey bigint, availqty integer, supplycost double, comment varchar(199)"),
          shell(
              "customer",
              "custkey bigint, name varchar(25), address varchar(40), nationkey bigint, phone varchar(15), acctbal double, mktsegment varchar(10), comment varchar(117)"),
          shell(
              "orders",
              "orderkey bigint, custkey bigint, orderstatus varchar(1), totalprice double, orderdate date, orderpriority varchar(15), clerk varchar(15), shippriority integer, comment varchar(79)"),
          shell(
              "lineitem",
              "orderkey bigint, partkey bigint, suppkey bigint, linenumber integer, quantity double, extendedprice double, discount double, tax double, returnflag varchar(1), linestatus varchar(1), shipdate date, commitdate date, receiptdate date, shipinstruct varchar(25), shipmode varchar(10), comment varchar(44)"),
          shell(
              "kinds",
              "b boolean, si smallint, i integer, l bigint, r real, d double, n decimal(12;2), w decimal(20;4), t varchar, ch char(10), da date, ts timestamp, tz timestamp with time zone, ar array(integer), js json, st row(x integer)"));

  static List<Shell> all() {
    return SHELLS;
  }

  private static Shell shell(String name, String columns) {
    List<ShellColumn> list = new ArrayList<>();
    for (String column : COMMA.splitAsStream(columns).toList()) {
      int blank = column.indexOf(' ');
      String columnName = column.substring(0, blank);
      String type = column.substring(blank + 1).replace(';', ',');
      list.add(new ShellColumn(columnName, type, postgres(type)));
    }
    return new Shell("tpch", "sf1", name, "sf1", name, list);
  }

  private static String postgres(String presto) {
    if (presto.equals("array(integer)")) {
      return "integer[]";
    }
    if (presto.startsWith("row")) {
      return "pair";
    }
    return POSTGRES.getOrDefault(
        presto,
        presto
            .replace("varchar(", "character varying(")
            .replace("decimal", "numeric")
            .replaceFirst("^varchar$", "text")
            .replaceFirst("^char\\(", "character("));
  }

  @Override
  public Optional<Shell> shell(List<String> parts) {
    String name = parts.get(parts.size() - 1);
    boolean known = parts.size() == 1 || (parts.size() == 2 && parts.get(0).equals("sf1"));
    return SHELLS.stream().filter(shell -> known && shell.name().equals(name)).findFirst();
  }
}
