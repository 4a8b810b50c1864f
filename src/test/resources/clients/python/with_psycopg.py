"""psycopg 3. Variants: text, binary (parameters and results), pipeline (binary, statements sent ahead)."""

import contextlib
import datetime
import decimal

import psycopg
from script import COLUMNS, LONG, NAMES, ORDERS, SCHEMAS, TABLES, Cancelling, Sum, main, say
from script import say_columns, say_schemas, say_tables, variant

MARK = {"text": "%t", "binary": "%b", "pipeline": "%b"}[variant()]
BINARY = variant() != "text"
connection = psycopg.connect("", autocommit=True)


def pipeline():
    return connection.pipeline() if variant() == "pipeline" else contextlib.nullcontext()


def query(sql, *values):
    with connection.cursor(binary=BINARY) as cursor:
        cursor.execute(sql.replace("$", MARK), values or None)
        return cursor.fetchall()


def one(sql, *values):
    return query(sql, *values)[0][0]


def fails(sql):
    try:
        with pipeline():
            query(sql)
    except psycopg.Error as error:
        return error.sqlstate


def browse():
    say_schemas(row[0] for row in query(SCHEMAS))
    say_tables(row[0] for row in query(TABLES))
    say_columns(query(COLUMNS))


def parameters():
    orders = "select count(*) from tiny.orders where "
    asked = [
        ("text", NAMES + "$", "FRANCE"),
        ("bigint", "select name from sf1.nation where nationkey = $", 6),
        ("date", orders + "orderdate < $", datetime.date(1992, 2, 1)),
        ("numeric", orders + "totalprice > $", decimal.Decimal("250000.50")),
        ("null", NAMES + "$", None),
        ("boolean", "select count(*) from sf1.nation where (regionkey = 1) = $", True),
        ("float", orders + "totalprice < $", 1000.5),
        ("timestamp", orders + "orderdate < $", datetime.datetime(1992, 2, 1, 12)),
        ("array", "select count(*) from sf1.nation where nationkey = any($)", [1, 2, 3]),
        ("bytea", "select count(*) from sf1.nation where convert_to(name, 'UTF8') = $", b"FRANCE"),
    ]
    with pipeline():
        cursors = []
        for _, sql, value in asked:
            cursor = connection.cursor(binary=BINARY)
            cursor.execute(sql.replace("$", MARK), [value])
            cursors.append(cursor)
        for (name, _, _), cursor in zip(asked, cursors):
            say("parameters", name, cursor.fetchone()[0])
    # From the sixth time on the statement is prepared under a name.
    seen = {one(NAMES + "$", "FRANCE") for _ in range(8)}
    if seen != {1}:
        say("parameters repeated", seen)


def rows():
    total = Sum()
    with connection.transaction(), connection.cursor("many", binary=BINARY) as cursor:
        cursor.itersize = 1000
        cursor.execute(ORDERS)
        total.add(cursor)
    total.say()


def error():
    say("error", fails("select nosuch from sf1.nation"))
    say("error after", one("select count(*) from sf1.nation"))
    connection.autocommit = False
    say("error inside", fails("select nosuch from sf1.nation"))
    say("error failed", fails("select count(*) from sf1.nation"))
    connection.rollback()
    say("error rolled-back", one("select count(*) from sf1.nation"))
    connection.commit()
    connection.autocommit = True


def cancel():
    with Cancelling(connection.cancel):
        say("cancel", fails(LONG))
    say("cancel after", one("select count(*) from sf1.region"))


main(globals())
connection.close()
