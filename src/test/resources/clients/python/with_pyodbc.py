"""psqlODBC by pyodbc. The variant is the part of the connection string with its settings."""

import datetime
import decimal
import os

import pyodbc
from script import LONG, NAMES, ORDERS, Cancelling, Sum, main, say, say_columns, say_schemas
from script import say_tables, variant

connection = pyodbc.connect(
    "Driver={PostgreSQL Unicode};Server=%s;Port=%s;Database=%s;Uid=%s;SSLmode=%s;%s"
    % tuple([os.environ["PG" + name] for name in ("HOST", "PORT", "DATABASE", "USER", "SSLMODE")] + [variant()]),
    autocommit=True,
)


def one(sql, *values):
    with connection.cursor() as cursor:
        return cursor.execute(sql, *values).fetchall()[0][0]


def fails(sql):
    try:
        one(sql)
    except pyodbc.Error as error:
        return error.args[0]


def browse():
    with connection.cursor() as cursor:
        say_schemas({row.table_schem for row in cursor.tables()} - {None})
        say_tables(row.table_name for row in cursor.tables(schema="tiny", tableType="TABLE"))
        kinds = {"int8": "bigint", "varchar": "character varying"}
        say_columns([(row.column_name, kinds[row.type_name]) for row in cursor.columns(schema="sf1", table="nation")])


def parameters():
    orders = "select count(*) from tiny.orders where "
    say("parameters text", one(NAMES + "?", "FRANCE"))
    say("parameters bigint", one("select name from sf1.nation where nationkey = ?", 6))
    say("parameters date", one(orders + "orderdate < ?", datetime.date(1992, 2, 1)))
    say("parameters numeric", one(orders + "totalprice > ?", decimal.Decimal("250000.50")))
    say("parameters null", one(NAMES + "?", None))
    say("parameters float", one(orders + "totalprice < ?", 1000.5))
    say("parameters timestamp", one(orders + "orderdate < cast(? as timestamp)", datetime.datetime(1992, 2, 1, 12)))
    say("parameters bytea", one("select count(*) from sf1.nation where convert_to(name, 'UTF8') = ?", b"FRANCE"))


def rows():
    total = Sum()
    with connection.cursor() as cursor:
        cursor.execute(ORDERS)
        while portion := cursor.fetchmany(1000):
            total.add(portion)
    total.say()


def error():
    say("error", fails("select nosuch from sf1.nation"))
    say("error after", one("select count(*) from sf1.nation"))
    connection.autocommit = False
    say("error inside", fails("select nosuch from sf1.nation"))
    connection.rollback()
    say("error rolled-back", one("select count(*) from sf1.nation"))
    connection.commit()
    connection.autocommit = True


def cancel():
    with connection.cursor() as cursor:
        with Cancelling(cursor.cancel):
            try:
                cursor.execute(LONG)
                say("cancel not", cursor.fetchall())
            except pyodbc.Error as error:
                say("cancel", error.args[0])
    say("cancel after", one("select count(*) from sf1.region"))


main(globals())
connection.close()
