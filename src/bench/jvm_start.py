#!/usr/bin/env python3
"""What the first query of a connection costs over PL/Java, by the JVM's options.

Starts a Presto, a PostgreSQL with PL/Java and Prestogres as results_speed.py does. A session of a role whose
pljava.vmoptions say so writes an archive of classes when it ends; then sessions of other roles, each with
its options, run one query in a fresh backend, in turn, round after round. Prints and writes a table: CPU
seconds of the backend and wall seconds of that query, and both as ratios to the first options' of the same
round. Then clients connect through the proxy, ask one query and leave, without and with a backend that the last
one has left warm.

    python3 src/bench/jvm_start.py --out jvm-start.md
"""

import argparse
import os
import signal
import statistics
import sys
import time

import results_speed
from relay_cost import ROOT, cpu, row
from results_speed import PLJAVA_OPTIONS, PORTS, Bench, Client, status

DATABASE = "pljava"
QUERY = ("select unnest(b[1]::bigint[]) from (select prestogres.fetch_presto_query_results("
         "'select orderkey from \"default\".orders limit 1') as b offset 0) t")
SERIAL = "-XX:+UseSerialGC -Xmx128m"


class StartBench(Bench):
    """Without the JVM of the JDBC drivers."""

    warm_backends = 1

    def start_drivers(self):
        pass

    def role(self, name, vmoptions):
        base = self.psql(DATABASE, "show pljava.vmoptions").replace(PLJAVA_OPTIONS, "").strip()
        self.psql(DATABASE, "create role %s login" % name)
        self.psql(DATABASE, "alter role %s set pljava.vmoptions = '%s %s'" % (name, base, vmoptions))


def connect(role):
    results_speed.ROLE = role
    return Client(PORTS["postgresql"], DATABASE)


def first_query(role):
    client = connect(role)
    pid = client.backend()
    used, start = cpu(pid), time.monotonic()
    rows = client.read(QUERY)[0]
    wall, used = time.monotonic() - start, cpu(pid) - used
    if rows != 1:
        sys.exit("%s: %d rows" % (role, rows))
    memory = status(pid, "Pss", "smaps_rollup")
    client.close()
    return used, wall, memory


def visit(role):
    """Wall seconds of a client of the proxy's that connects, asks one query and leaves."""
    results_speed.ROLE = role
    start = time.monotonic()
    client = Client(results_speed.INSTANCES[DATABASE], DATABASE)
    client.read(QUERY)
    wall = time.monotonic() - start
    client.close()
    # Until the backend that it leaves is reset.
    time.sleep(1)
    return wall


def visits(bench, rounds):
    """Those of roles that nobody has come as, and those of one that comes again and again."""
    cold, warm = [], []
    bench.psql(DATABASE, "create role regular login")
    visit("regular")
    for number in range(rounds):
        bench.psql(DATABASE, "create role stranger%d login" % number)
        cold.append(visit("stranger%d" % number))
        warm.append(visit("regular"))
    return cold, warm


def make_archive(bench):
    archive = os.path.join(bench.folder, "presto.jsa")
    bench.role("archivist", "%s -XX:ArchiveClassesAtExit=%s" % (PLJAVA_OPTIONS, archive))
    first_query("archivist")
    end = time.time() + 120
    while time.time() < end:
        if os.path.exists(archive):
            size = os.path.getsize(archive)
            time.sleep(2)
            if size and os.path.getsize(archive) == size:
                return archive
        time.sleep(0.5)
    sys.exit("the JVM has written no archive")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presto", default="")
    parser.add_argument("--presto-port", type=int, default=27447)
    parser.add_argument("--presto-options", default="-Xmx2g -XX:+UseSerialGC")
    parser.add_argument("--postgresql", default="", help="folder of initdb and postgres")
    parser.add_argument("--build", default=ROOT, help="the clone whose built parts are measured")
    parser.add_argument("--proxy-options", default="-Xmx256m -XX:+UseSerialGC")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", default="jvm-start.md")
    options = parser.parse_args()
    options.providers, options.catalog, options.pljava_options = DATABASE, "memory", PLJAVA_OPTIONS
    PORTS["prestogres"] = results_speed.PLJAVA_PORT
    bench = StartBench(options)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("stopped"))
    try:
        bench.start_all()
        # The proxy makes the function when its first client comes.
        Client(results_speed.INSTANCES[DATABASE], DATABASE).close()
        archive = make_archive(bench)
        shared = " -XX:SharedArchiveFile=" + archive
        sets = {
            "untuned": "",
            "serial": SERIAL,
            "serial_quick": PLJAVA_OPTIONS,
            "serial_shared": SERIAL + shared,
            "serial_quick_shared": PLJAVA_OPTIONS + shared,
        }
        for name, vmoptions in sets.items():
            bench.role(name, vmoptions)
        runs = {name: [] for name in sets}
        for number in range(options.rounds + 1):
            for name in sets:
                run = first_query(name)
                # The first round reads files that nobody has read yet.
                if number:
                    runs[name].append(run)
            print("round %d" % number, flush=True)
        size = os.path.getsize(archive) / 1e6
        cold, warm = visits(bench, options.rounds)
    finally:
        bench.stop()
    out = ["# The first query of a connection, by the options of PL/Java's JVM", "",
           "Medians of %d rounds, in turn; ratios are those of the same round, with their extremes; %d cores;"
           " the archive has %.0f MB." % (options.rounds, os.cpu_count(), size), "",
           row(["options", "CPU s", "CPU ratio", "wall s", "wall ratio", "PSS MB"]), row(["---"] * 6)]
    for name, vmoptions in sets.items():
        ratios = [[mine[i] / base[i] for mine, base in zip(runs[name], runs["untuned"])] for i in (0, 1)]
        cells = ["`%s`" % vmoptions.replace(archive, "…") if vmoptions else "none"]
        for i in (0, 1):
            cells += ["%.2f" % statistics.median(run[i] for run in runs[name]),
                      "%.2f (%.2f–%.2f)" % (statistics.median(ratios[i]), min(ratios[i]), max(ratios[i]))]
        out.append(row(cells + ["%.0f" % statistics.median(run[2] for run in runs[name])]))
    ratios = [mine / base for mine, base in zip(warm, cold)]
    out += ["", "A client of the proxy's that connects, asks one query and leaves: %.3f s; with a warm backend %.3f s,"
            " %.2f (%.2f–%.2f) of that." % (statistics.median(cold), statistics.median(warm),
                                             statistics.median(ratios), min(ratios), max(ratios))]
    print("\n".join(out[4:]))
    with open(options.out, "w") as written:
        written.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
