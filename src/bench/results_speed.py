#!/usr/bin/env python3
"""How fast results of Presto arrive, beside presto-jdbc, as ratios within one run.

Starts a Presto (or takes --presto), a PostgreSQL of its own and Prestogres with two instances, one
whose table function is postgres_fdw (loopback) and, where PL/Java is installed, one whose is PL/Java.
Reads the same query by each road in turn, round after round, and prints and writes a table: rows/s, time to the first
row, wall and CPU seconds of every process.

Needs initdb of PostgreSQL 15 or newer, and ./mvnw -DskipTests package before.

    python3 src/bench/results_speed.py --out results-speed.md

Roads:
  presto-jdbc          at its defaults, which is with gzip; getObject of every value
  presto-jdbc plain    disableCompression=true
  presto-jdbc pages    the same with target_result_size=8MB
  loopback, pljava     a client that reads from its socket and throws away: the least that a client can
                       do, so that the figures are those of the table function and not of a driver
  loopback pgjdbc, pljava pgjdbc   the same by PostgreSQL's JDBC driver, getObject of every value: what a
                       program in Java sees that changes from presto-jdbc to PostgreSQL's driver

All drivers run in one JVM, which lives as long as the bench. The first rounds only warm up. "Best" is
the better one of presto-jdbc's settings, by the medians of the run.

Under the table stands what the first query of a new connection costs, by provider.

    --soak 50000000      instead of all this: reads so many rows once by each provider, and shows memory
                         of every process and PostgreSQL's temporary files on the way.
"""

import argparse
import glob
import json
import os
import re
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
import urllib.request

import relay_cost
from relay_cost import ROOT, Stand, cpu, family, row

PORTS = {"postgresql": 27442, "prestogres": 27443}
PLJAVA_PORT, LOOPBACK_RESULTS, PLJAVA_RESULTS = 27444, 27445, 27446
INSTANCES = {"loopback": PORTS["prestogres"], "pljava": PLJAVA_PORT}
ROLE = "bench"

# The tpch connector makes about 150,000 orders a second: slower than what is to be measured. Tables
# of the memory connector are not.
TABLES = {
    "orders": "create table memory.default.orders as select * from tpch.sf1.orders",
    "numbers": "create table memory.default.numbers as select orderkey, custkey, totalprice, orderdate"
               " from tpch.sf1.orders",
    "texts": "create table memory.default.texts as select comment, clerk from tpch.sf1.orders",
}
JDBC_BASE = "user=%s" % ROLE
PRESTO_JDBC = {
    "presto-jdbc": JDBC_BASE,
    "presto-jdbc plain": JDBC_BASE + ",disableCompression=true",
    "presto-jdbc pages": JDBC_BASE + ",disableCompression=true,sessionProperties=target_result_size:8MB",
}
POLICY = ("\"file:${org.postgresql.sysconfdir}/pljava.policy\",\"jar:file:%s!/prestogres.policy\","
          "\"=\"")
PLJAVA_OPTIONS = "-XX:+UseSerialGC -Xmx128m -XX:TieredStopAtLevel=1"


class Presto:
    """A Presto of our own, of the demo's parts but with a JVM that is made for work."""

    def __init__(self, folder, options):
        home = os.path.join(options.build, "deploy/demo/engines/target/classes")
        with open(home + "/META-INF/prestogres/presto.classpath") as listed:
            class_path = home + ":" + listed.read().strip()
        with open(os.path.join(folder, "presto.properties"), "w") as out:
            out.write("http-server.http.port=%d\nnode-scheduler.include-coordinator=true\n"
                      "memory.max-data-per-node=2GB\n" % options.presto_port)
        with open(os.path.join(folder, "logging.properties"), "w") as out:
            out.write("handlers=java.util.logging.ConsoleHandler\n.level=SEVERE\n")
        arguments = options.presto_options.split() + [
            "-Djava.util.logging.config.file=%s/logging.properties" % folder, "-Duser.timezone=UTC",
            "-cp", class_path, "io.prestogres.demo.engines.PrestoMain", folder]
        with open(os.path.join(folder, "arguments"), "w") as out:
            out.write("".join('"%s"\n' % argument for argument in arguments))
        self.process = subprocess.Popen(
            ["java", "@" + os.path.join(folder, "arguments")], cwd=folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
            stderr=open(os.path.join(folder, "presto.log"), "w"))
        line = self.process.stdout.readline()
        if not line.startswith("READY"):
            with open(os.path.join(folder, "presto.log")) as said:
                sys.exit("Presto does not start: %s%s" % (line, "".join(l for l in said if "Error" in l or "Caused" in l)[:3000]))
        self.url = line.split()[1]
        self.pid = self.process.pid

    def stop(self):
        self.process.stdin.close()
        self.process.wait(20)


class Bench(Stand):
    """PostgreSQL, the proxy and the JVM of the JDBC drivers."""

    warm_backends = 0

    def __init__(self, options):
        super().__init__(options.presto, os.path.join(options.build, "target", "prestogres.jar"), [])
        self.options = options
        self.own_presto = None
        relay_cost.PORTS.update(PORTS)
        self.functions = os.path.join(
            options.build, "plugins/presto-functions/target/prestogres-presto-functions.jar")
        self.providers = [p for p in options.providers.split(",") if p != "pljava" or self.has_pljava()]

    def has_pljava(self):
        share = subprocess.run([self.binary("pg_config"), "--sharedir"], capture_output=True, text=True)
        found = os.path.exists(share.stdout.strip() + "/extension/pljava.control")
        if not found:
            print("no PL/Java in this PostgreSQL: only loopback is measured", flush=True)
        return found

    def binary(self, name):
        found = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True).stdout.strip()
        for folder in [self.options.postgresql, found, *sorted(glob.glob("/usr/lib/postgresql/*/bin"))]:
            if folder and os.path.exists(os.path.join(folder, name)):
                return os.path.join(folder, name)
        sys.exit("there is no " + name + "; say where by --postgresql")

    def start_all(self):
        if not self.presto:
            self.own_presto = Presto(self.folder, self.options)
            self.presto = self.own_presto.url
        self.start_postgresql()
        self.start_proxy()
        self.start_drivers()

    def start_postgresql(self):
        data = os.path.join(self.folder, "data")
        subprocess.run(
            self.as_user + [self.binary("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E",
                            "UTF8", "--locale", "C.UTF-8"],
            check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
        settings = {
            "port": PORTS["postgresql"], "listen_addresses": "127.0.0.1", "fsync": "off",
            "unix_socket_directories": self.folder, "log_temp_files": "0",
        }
        if "pljava" in self.providers:
            # Where PostgreSQL's user can read it.
            jar = shutil.copy(self.functions, os.path.join(self.folder, "functions.jar"))
            os.chmod(jar, 0o644)
            java = os.path.dirname(os.path.dirname(os.path.realpath(shutil.which("java"))))
            settings["pljava.libjvm_location"] = java + "/lib/server/libjvm.so"
            settings["pljava.vmoptions"] = ("-Djava.class.path=%s -Djava.security.manager=allow %s"
                                            % (jar, self.options.pljava_options))
            settings["pljava.policy_urls"] = POLICY % jar
        self.start(
            "postgresql", [self.binary("postgres"), "-D", data]
            + [part for key, value in settings.items() for part in ("-c", "%s=%s" % (key, value))])
        self.psql("postgres", "create role %s login" % ROLE)
        for provider in self.providers:
            self.psql("postgres", "create database %s owner %s" % (provider, ROLE))

    def start_proxy(self):
        instance = (
            "  - listen: {name: %s, host: 127.0.0.1, port: %d}\n"
            "    redirect: {name: postgresql, host: 127.0.0.1, port: %d, warm-backends: {count: %d}}\n"
            "    control: {user: postgres}\n"
            "    presto: {url: '%s', catalog: %s, databases: [%s]}\n"
            "    results: {port: %d}\n    table-function: %s\n"
            "    catalog: {refresh: 1h}\n")
        results = {"loopback": LOOPBACK_RESULTS, "pljava": PLJAVA_RESULTS}
        text = "settings: {log-level: warn}\ninstances:\n" + "".join(
            instance % (p, INSTANCES[p], PORTS["postgresql"], self.warm_backends, self.presto, self.options.catalog, p,
                        results[p], p)
            for p in self.providers)
        for table in TABLES.values():
            self.run_on_presto(table.replace("create table", "create table if not exists"))
        self.start("prestogres", ["java", *self.options.proxy_options.split(), "-jar", self.jar, "serve",
                                  "--config", self.file("prestogres.yml", text)])

    def run_on_presto(self, sql):
        request = urllib.request.Request(
            self.presto + "/v1/statement", sql.encode(), {"X-Presto-User": ROLE, "X-Trino-User": ROLE})
        while True:
            with urllib.request.urlopen(request) as answer:
                page = json.load(answer)
            if "error" in page:
                sys.exit("%s: %s" % (sql, page["error"]["message"]))
            if "nextUri" not in page:
                return
            request = page["nextUri"]

    def start_drivers(self):
        class_path = ":".join([self.newest("com/facebook/presto/presto-jdbc"),
                               self.newest("org/postgresql/postgresql")])
        self.drivers = subprocess.Popen(
            ["java", "-Xmx1g", "-cp", class_path, os.path.join(ROOT, "src/bench/JdbcReader.java")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)

    @staticmethod
    def newest(artifact):
        repository = os.path.expanduser("~/.m2/repository/")
        found = glob.glob(repository + artifact + "/*/*.jar")
        if not found:
            sys.exit("no jar of %s in %s" % (artifact, repository))
        return max(found, key=lambda path: [int(n) for n in re.findall(r"\d+", os.path.basename(path))])

    def presto_pid(self):
        if self.own_presto:
            return self.own_presto.pid
        # A Presto of this machine, by the port that it listens on.
        port = self.presto.rsplit(":", 1)[1].strip("/")
        said = subprocess.run(["ss", "-ltnpH", "sport = :" + port], capture_output=True, text=True).stdout
        found = re.search(r"pid=(\d+)", said)
        return int(found.group(1)) if found else 0

    def processes_now(self):
        named = {"PostgreSQL": self.pid("postgresql"), "proxy": self.pid("prestogres"),
                 "client": self.drivers.pid}
        if self.presto_pid():
            named["Presto"] = self.presto_pid()
        return named

    def cpu_now(self):
        now = {name: cpu(pid) for name, pid in self.processes_now().items()}
        own = os.times()
        now["client"] += own.user + own.system
        return now

    def jdbc(self, url, settings, sql):
        self.drivers.stdin.write("%s\t%s\t%s\n" % (url, settings, sql))
        self.drivers.stdin.flush()
        said = self.drivers.stdout.readline()
        if not said or said.startswith("!"):
            sys.exit("%s: %s" % (url, said))
        rows, first, wall, _ = said.split()
        return int(rows), int(first) / 1e9, int(wall) / 1e9

    def stop(self):
        if hasattr(self, "drivers"):
            self.drivers.stdin.close()
            self.drivers.wait(20)
        super().stop()
        if self.own_presto:
            self.own_presto.stop()


class Client:
    """Speaks just enough of PostgreSQL's protocol to read a result and to throw it away."""

    def __init__(self, port, database):
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.socket.settimeout(600)
        body = struct.pack("!i", 3 << 16)
        body += ("user\0%s\0database\0%s\0\0" % (ROLE, database)).encode()
        self.socket.sendall(struct.pack("!i", len(body) + 4) + body)
        self.buffer = bytearray(1 << 18)
        self.until_ready()

    def until_ready(self):
        """Reads on; the time of the first DataRow, 0 if there is none, and the last bytes."""
        view, first, tail, head = memoryview(self.buffer), 0, b"", b""
        while True:
            got = self.socket.recv_into(view)
            if got == 0:
                sys.exit("the connection was closed: %s" % tail)
            if not first:
                head += bytes(view[:got])
                if self.has_row(head):
                    first = time.monotonic()
            tail = (tail + bytes(view[max(0, got - 400):got]))[-400:]
            if tail.endswith(b"Z\0\0\0\5I"):
                return first, tail

    @staticmethod
    def has_row(head):
        at = 0
        while at + 5 <= len(head):
            if head[at:at + 1] == b"E":
                sys.exit("error: %s" % head[at:at + 600])
            if head[at:at + 1] == b"D":
                return True
            at += 1 + struct.unpack("!i", head[at + 1:at + 5])[0]
        return False

    def read(self, sql):
        start = time.monotonic()
        self.query(sql)
        first, tail = self.until_ready()
        wall = time.monotonic() - start
        told = re.search(rb"C\x00\x00\x00.SELECT (\d+)\x00Z\x00\x00\x00\x05I$", tail, re.S)
        if not told:
            sys.exit("the result did not end well: %s" % tail)
        return int(told.group(1)), first - start, wall

    def backend(self):
        """The process that serves this client."""
        self.query("select pg_backend_pid()")
        return int(re.search(rb"D\x00\x00\x00.\x00\x01\x00\x00\x00.(\d+)C", self.until_ready()[1], re.S).group(1))

    def query(self, sql):
        body = sql.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!i", len(body) + 4) + body)

    def close(self):
        self.socket.sendall(b"X\0\0\0\4")
        self.socket.close()


class Roads:
    """The ways to read a query, each with its connection."""

    def __init__(self, bench, names):
        self.bench = bench
        self.names = names
        self.clients = {}

    def read(self, name, table):
        if name in PRESTO_JDBC:
            host = self.bench.presto.split("//")[1].strip("/")
            sql = "select * from %s.default.%s" % (self.bench.options.catalog, table)
            return self.bench.jdbc("jdbc:presto://" + host, PRESTO_JDBC[name], sql)
        provider = name.split()[0]
        sql = 'select * from "default".%s' % table
        if name.endswith("pgjdbc"):
            url = "jdbc:postgresql://127.0.0.1:%d/%s" % (INSTANCES[provider], provider)
            return self.bench.jdbc(url, JDBC_BASE, sql)
        if provider not in self.clients:
            self.clients[provider] = Client(INSTANCES[provider], provider)
        return self.clients[provider].read(sql)


class Measured:
    """One result by one road."""

    def __init__(self, roads, name, table):
        before = roads.bench.cpu_now()
        self.rows, self.first, self.wall = roads.read(name, table)
        after = roads.bench.cpu_now()
        self.speed = self.rows / self.wall
        self.cpu = {process: after[process] - before[process] for process in after}


def spread(values):
    return "%.2f (%.2f–%.2f)" % (statistics.median(values), min(values), max(values))


def compare(roads, options, table, out):
    runs = {name: [] for name in roads.names}
    for number in range(options.warmup + options.rounds):
        for name in roads.names:
            run = Measured(roads, name, table)
            if number >= options.warmup:
                runs[name].append(run)
            print("  %-20s %9d rows %7.2f s, first %.3f s  %s" % (
                name, run.rows, run.wall, run.first,
                " ".join("%s %.2f" % pair for pair in run.cpu.items())), flush=True)
    if len({run.rows for measured in runs.values() for run in measured}) != 1:
        sys.exit("the roads do not agree on the number of rows")
    jdbc = [name for name in roads.names if name in PRESTO_JDBC]
    median = lambda name, field: statistics.median(getattr(run, field) for run in runs[name])
    best = max(jdbc, key=lambda name: median(name, "speed"))
    processes = list(runs[best][0].cpu)
    out += ["", "## %s: %d rows" % (TABLES[table].split(" as ")[1], runs[best][0].rows), "",
            "Best setting of presto-jdbc: %s." % best, "",
            row(["road", "rows/s", ": defaults", ": best", "first row s", ": presto-jdbc", "wall s"]
                + ["CPU s " + process for process in processes]),
            row(["---"] * (7 + len(processes)))]
    for name in roads.names:
        against = lambda other, field: [
            getattr(ours, field) / getattr(theirs, field)
            for ours, theirs in zip(runs[name], runs[other])]
        # Of presto-jdbc's settings the quickest to its first row, too.
        quick = min(jdbc, key=lambda other: median(other, "first"))
        out.append(row(
            [name, "%.0f" % median(name, "speed"), spread(against("presto-jdbc", "speed")),
             spread(against(best, "speed")), "%.3f" % median(name, "first"),
             spread(against(quick, "first")), "%.2f" % median(name, "wall")]
            + ["%.2f" % statistics.median(run.cpu[process] for run in runs[name])
               for process in processes]))
    print("\n".join(out[-len(roads.names) - 2:]), flush=True)


def status(pid, field, file="status"):
    """Megabytes, as /proc has it in kB."""
    try:
        with open("/proc/%d/%s" % (pid, file)) as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(field + ":")) / 1e3
    except (FileNotFoundError, StopIteration, PermissionError):
        return 0.0


def first_queries(bench, options, out):
    out += ["", "## The first query of a connection", "",
            row(["provider", "first query s", "second s", "backend CPU s", "backend PSS MB",
                 "PSS MB before"]),
            row(["---"] * 6)]
    for provider in bench.providers:
        runs = []
        for _ in range(options.rounds):
            client = Client(INSTANCES[provider], provider)
            pid = client.backend()
            before, used = status(pid, "Pss", "smaps_rollup"), cpu(pid)
            sql = 'select * from "default".orders limit 1'
            first, second = client.read(sql)[2], client.read(sql)[2]
            runs.append((first, second, cpu(pid) - used, status(pid, "Pss", "smaps_rollup"), before))
            client.close()
        out.append(row([provider] + ["%.3f" % statistics.median(column) for column in zip(*runs)][:3]
                       + ["%.0f" % statistics.median(column) for column in list(zip(*runs))[3:]]))
        print(out[-1], flush=True)


def soak(bench, options, out):
    """One very large result by each provider, and the memory of everything while it passes."""
    copies = -(-options.soak // 1_500_000)
    sql = ('select o.* from "default".orders o cross join'
           ' (select orderkey from "default".orders limit %d) c' % copies)
    out += ["", "## One result of %d times 1,500,000 rows" % copies, "",
            row(["provider", "after s", "backend RSS MB", "proxy RSS MB", "Presto RSS MB",
                 "temporary files"]),
            row(["---"] * 6)]
    for provider in bench.providers:
        client = Client(INSTANCES[provider], provider)
        pid, found = client.backend(), []
        reading = threading.Thread(target=lambda: found.append(client.read(sql)))
        start = time.monotonic()
        reading.start()
        while reading.is_alive():
            reading.join(options.every)
            temporary = bench.psql("postgres", "select temp_files from pg_stat_database where datname = '%s'"
                                   % provider)
            out.append(row([provider, "%.0f" % (time.monotonic() - start), "%.0f" % status(pid, "VmRSS"),
                            "%.0f" % status(bench.pid("prestogres"), "VmRSS"),
                            "%.0f" % status(bench.presto_pid(), "VmRSS"), temporary]))
            print(out[-1], flush=True)
        rows, first, wall = found[0]
        out.append("")
        out.append("%s: %d rows in %.0f s, %.0f rows/s, the first after %.3f s; at most %.0f MB in the backend,"
                   " %.0f MB in the proxy." % (provider, rows, wall, rows / wall, first,
                                               status(pid, "VmHWM"), status(bench.pid("prestogres"), "VmHWM")))
        print(out[-1], flush=True)
        client.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presto", default="", help="base URL of a Presto with catalog memory; default: one of its own")
    parser.add_argument("--presto-port", type=int, default=27447)
    parser.add_argument("--presto-options", default="-Xmx4g -XX:+UseParallelGC")
    parser.add_argument("--postgresql", default="", help="folder of initdb and postgres")
    parser.add_argument("--build", default=ROOT, help="the clone whose built parts are measured")
    parser.add_argument("--proxy-options", default="-Xmx256m -XX:+UseSerialGC")
    parser.add_argument("--pljava-options", default=PLJAVA_OPTIONS)
    parser.add_argument("--providers", default="loopback,pljava")
    parser.add_argument("--catalog", default="memory")
    parser.add_argument("--tables", default="orders,numbers,texts")
    parser.add_argument("--roads", default="", help="only those whose names begin so, by commas")
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--soak", type=int, default=0)
    parser.add_argument("--every", type=float, default=15, help="seconds between two lines of the soak")
    parser.add_argument("--out", default="results-speed.md")
    options = parser.parse_args()
    out = ["# How fast results arrive", "",
           "Medians of %d rounds, in turn, after %d of warm-up; %d cores; proxy %s; PL/Java %s."
           % (options.rounds, options.warmup, os.cpu_count(), options.proxy_options,
              options.pljava_options),
           "Ratios are those of the same round: their median, least and greatest."]
    bench = Bench(options)
    # A bench that is told to stop takes everything with it.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("stopped"))
    try:
        bench.start_all()
        if options.soak:
            soak(bench, options, out)
        else:
            names = list(PRESTO_JDBC)
            for provider in bench.providers:
                names += [provider, provider + " pgjdbc"]
            wanted = tuple(options.roads.split(",")) if options.roads else ("",)
            roads = Roads(bench, [name for name in names if name.startswith(wanted)])
            for table in options.tables.split(","):
                print(table, flush=True)
                compare(roads, options, table, out)
            first_queries(bench, options, out)
    finally:
        bench.stop()
    with open(options.out, "w") as written:
        written.write("\n".join(out) + "\n")
    print("written to " + options.out)


if __name__ == "__main__":
    main()
