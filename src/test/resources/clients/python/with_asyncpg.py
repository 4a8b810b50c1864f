"""asyncpg: everything prepared, everything binary. It cancels what its caller no longer waits for."""

import asyncio
import datetime
import decimal
import os
import ssl
import time

import asyncpg
from script import COLUMNS, LONG, NAMES, ORDERS, SCHEMAS, TABLES, Sum, say
from script import say_columns, say_schemas, say_tables
import sys


def encryption():
    if os.environ["PGSSLMODE"] == "disable":
        return False
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def fails(connection, sql):
    try:
        await connection.fetch(sql)
    except asyncpg.PostgresError as error:
        return error.sqlstate


async def browse(connection):
    say_schemas([row[0] for row in await connection.fetch(SCHEMAS)])
    say_tables([row[0] for row in await connection.fetch(TABLES)])
    say_columns([tuple(row) for row in await connection.fetch(COLUMNS)])


async def parameters(connection):
    orders = "select count(*) from tiny.orders where "
    for name, sql, value in [
        ("text", NAMES + "$1", "FRANCE"),
        ("bigint", "select name from sf1.nation where nationkey = $1", 6),
        ("date", orders + "orderdate < $1", datetime.date(1992, 2, 1)),
        ("numeric", orders + "totalprice > $1::numeric", decimal.Decimal("250000.50")),
        ("null", NAMES + "$1", None),
        ("boolean", "select count(*) from sf1.nation where (regionkey = 1) = $1", True),
        ("float", orders + "totalprice < $1", 1000.5),
        ("timestamp", orders + "orderdate < $1::timestamp", datetime.datetime(1992, 2, 1, 12)),
        ("array", "select count(*) from sf1.nation where nationkey = any($1)", [1, 2, 3]),
        ("bytea", "select count(*) from sf1.nation where convert_to(name, 'UTF8') = $1", b"FRANCE"),
    ]:
        say("parameters", name, await connection.fetchval(sql, value))


async def rows(connection):
    total = Sum()
    async with connection.transaction():
        async for row in connection.cursor(ORDERS, prefetch=1000):
            total.add([row])
    total.say()


async def error(connection):
    say("error", await fails(connection, "select nosuch from sf1.nation"))
    say("error after", await connection.fetchval("select count(*) from sf1.nation"))
    transaction = connection.transaction()
    await transaction.start()
    say("error inside", await fails(connection, "select nosuch from sf1.nation"))
    say("error failed", await fails(connection, "select count(*) from sf1.nation"))
    await transaction.rollback()
    say("error rolled-back", await connection.fetchval("select count(*) from sf1.nation"))


async def cancel(connection):
    begin = time.monotonic()
    try:
        say("cancel not", await asyncio.wait_for(connection.fetchval(LONG), 2))
    except asyncio.TimeoutError:
        say("cancel given-up")
    # It waits for the end of the statement before it sends the next.
    say("cancel after", await connection.fetchval("select count(*) from sf1.region"))
    if time.monotonic() - begin > 7:
        say("cancel took", time.monotonic() - begin, "seconds")


async def main():
    connection = await asyncpg.connect(ssl=encryption())
    for part in sys.argv[2:]:
        await globals()[part](connection)
    await connection.close()


asyncio.run(main())
