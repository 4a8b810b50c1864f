"""psycopg2: simple queries with the values in the text; a named cursor for many rows."""

import datetime
import decimal

import psycopg2
from script import COLUMNS, LONG, NAMES, ORDERS, SCHEMAS, TABLES, Cancelling, Sum, main, say
from script import say_columns, say_schemas, say_tables

connection = psycopg2.connect("")
connection.autocommit = True


def query(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()


def one(sql, *values):
    return query(sql, *values)[0][0]


def fails(sql):
    try:
        query(sql)
    except psycopg2.Error as error:
        return error.pgcode


def browse():
    say_schemas(row[0] for row in query(SCHEMAS))
    say_tables(row[0] for row in query(TABLES))
    say_columns(query(COLUMNS))


def parameters():
    orders = "select count(*) from tiny.orders where "
    say("parameters text", one(NAMES + "%s", "FRANCE"))
    say("parameters bigint", one("select name from sf1.nation where nationkey = %s", 6))
    say("parameters date", one(orders + "orderdate < %s", datetime.date(1992, 2, 1)))
    say("parameters numeric", one(orders + "totalprice > %s", decimal.Decimal("250000.50")))
    say("parameters null", one(NAMES + "%s", None))
    say("parameters boolean", one("select count(*) from sf1.nation where (regionkey = 1) = %s", True))
    say("parameters float", one(orders + "totalprice < %s", 1000.5))
    say("parameters timestamp", one(orders + "orderdate < %s", datetime.datetime(1992, 2, 1, 12)))
    say("parameters array", one("select count(*) from sf1.nation where nationkey = any(%s)", [1, 2, 3]))
    say("parameters bytea", one("select count(*) from sf1.nation where convert_to(name, 'UTF8') = %s", b"FRANCE"))


def rows():
    connection.autocommit = False
    total = Sum()
    with connection.cursor("many") as cursor:
        cursor.itersize = 1000
        cursor.execute(ORDERS)
        total.add(cursor)
    connection.commit()
    connection.autocommit = True
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
