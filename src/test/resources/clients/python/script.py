"""What the scripts of all Python drivers share."""

import sys
import threading
import time

LONG = "select count(*) from sf100.lineitem"
ORDERS = "select orderkey, totalprice from tiny.orders"
NAMES = "select count(*) from sf1.nation where name = "
SCHEMAS = "select schema_name from information_schema.schemata"
TABLES = "select table_name from information_schema.tables where table_schema = 'tiny'"
COLUMNS = (
    "select column_name, data_type from information_schema.columns"
    " where table_schema = 'sf1' and table_name = 'nation' order by ordinal_position"
)


def say(*words):
    print(*words, flush=True)


def say_schemas(names):
    say("browse schemas", *sorted(n for n in names if n.startswith("sf") or n == "tiny"))


def say_tables(names):
    say("browse tables", *sorted(names))


def say_columns(rows):
    rows = list(rows)
    say("browse columns", *(name for name, _ in rows))
    say("browse types", ",".join(kind for _, kind in rows))


class Sum:
    """Counts rows of ORDERS and adds them up, prices in cents."""

    def __init__(self):
        self.values = [0, 0, 0]

    def add(self, rows):
        for key, price in rows:
            self.values[0] += 1
            self.values[1] += key
            self.values[2] += round(price * 100)

    def say(self):
        say("rows", *self.values)


class Cancelling:
    """Cancels what runs inside, again and again: a cancel before the statement has begun hits nothing."""

    def __init__(self, cancel):
        self.cancel = cancel
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        wait = 1.5
        while not self.ended.wait(wait):
            self.first = getattr(self, "first", time.monotonic())
            self.cancel()
            wait = 0.5

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        late = time.monotonic() - self.first
        if late > 5:
            say("cancel took", late, "seconds")
        return False


def main(parts):
    """Does the parts that the command line names; parts is a name space with a function for each."""
    for name in sys.argv[2:]:
        parts[name]()


def variant():
    return sys.argv[1]
