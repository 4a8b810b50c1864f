"""SQLAlchemy over psycopg2: its inspection, its expressions, its rows in portions."""

import datetime
import decimal

import sqlalchemy as sa
from script import LONG, NAMES, Cancelling, Sum, main, say, say_schemas, say_tables

engine = sa.create_engine("postgresql+psycopg2://", future=True, pool_size=1, max_overflow=0)
inspector = sa.inspect(engine)
metadata = sa.MetaData()


def table(schema, name):
    return sa.Table(name, metadata, schema=schema, autoload_with=engine)


def one(query):
    with engine.connect() as connection:
        return connection.execute(query).scalar()


def fails(connection, sql):
    try:
        connection.execute(sa.text(sql)).fetchall()
    except sa.exc.DBAPIError as error:
        return error.orig.pgcode


def browse():
    say_schemas(inspector.get_schema_names())
    say_tables(inspector.get_table_names("tiny"))
    columns = inspector.get_columns("nation", "sf1")
    say("browse columns", *(column["name"] for column in columns))
    kinds = {"BIGINT": "bigint", "VARCHAR": "character varying"}
    say("browse types", ",".join(kinds[str(column["type"]).split("(")[0]] for column in columns))
    inspector.get_indexes("nation", "sf1")
    inspector.get_pk_constraint("nation", "sf1")
    inspector.get_foreign_keys("nation", "sf1")
    inspector.get_view_names("sf1")
    inspector.get_table_comment("nation", "sf1")


def parameters():
    nation, orders = table("sf1", "nation").c, table("tiny", "orders").c

    def count(condition):
        return one(sa.select(sa.func.count()).where(condition))

    say("parameters text", count(nation.name == "FRANCE"))
    say("parameters bigint", one(sa.select(nation.name).where(nation.nationkey == 6)))
    say("parameters date", count(orders.orderdate < datetime.date(1992, 2, 1)))
    say("parameters numeric", count(orders.totalprice > decimal.Decimal("250000.50")))
    say("parameters null", one(sa.text(NAMES + ":name").bindparams(name=None)))
    say("parameters float", count(orders.totalprice < 1000.5))
    say("parameters array", count(nation.nationkey.in_([1, 2, 3])))


def rows():
    orders = table("tiny", "orders").c
    total = Sum()
    with engine.connect().execution_options(stream_results=True, yield_per=1000) as connection:
        total.add(connection.execute(sa.select(orders.orderkey, orders.totalprice)))
    total.say()


def error():
    with engine.connect() as connection:
        say("error", fails(connection, "select nosuch from sf1.nation"))
        say("error failed", fails(connection, "select count(*) from sf1.nation"))
    say("error after", one(sa.text("select count(*) from sf1.nation")))


def cancel():
    with engine.connect() as connection:
        with Cancelling(connection.connection.cancel):
            say("cancel", fails(connection, LONG))
    say("cancel after", one(sa.text("select count(*) from sf1.region")))


main(globals())
engine.dispose()
