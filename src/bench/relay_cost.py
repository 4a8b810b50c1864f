#!/usr/bin/env python3
"""What the proxy costs beside PgBouncer and pgpool-II, as ratios within one run.

Starts a PostgreSQL of its own, PgBouncer (session mode), pgpool-II and Prestogres on loopback ports,
runs pgbench through each of them in turn, and prints and writes a table. Prestogres has everything
on: metrics, and a mirrored database, so that statements are scanned and looked up; for that it needs
a Presto, such as the demo's (./mvnw -q -Pdemo).

Needs pgbench, initdb, pgbouncer and pgpool on this machine (Debian: postgresql-15 pgbouncer
pgpool2), and ./mvnw -DskipTests package before.

    python3 src/bench/relay_cost.py --presto http://127.0.0.1:18080 --out relay-cost.md

The steadiest figure is the CPU of the proxy's processes divided by pgbench's own CPU in the same run.
On two cores that PostgreSQL and pgbench keep busy, the JVM's compiler takes about a minute to be
done: that is what the warm-up is for. A proxy with a process or a connection for each client pays
for them in the runs, PgBouncer reuses its own: the shorter the runs, the more that counts.
"""

import argparse
import glob
import os
import pwd
import re
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROXIES = ["pgbouncer", "pgpool", "prestogres"]
PORTS = {"postgresql": 26432, "pgbouncer": 26433, "pgpool": 26434, "prestogres": 26435}

NARROW = "select g as a, g as b, g as c, g as d from generate_series(1, 1000000) g;"
WIDE = "select repeat('x', 8192) as wide from generate_series(1, 20000) g;"
# DataRow: type, length, count, and for each value its length and text.
NARROW_BYTES = sum((1 + 4 + 2) + 4 * (4 + len(str(g))) for g in range(1, 1_000_001))
WIDE_BYTES = 20_000 * (1 + 4 + 2 + 4 + 8192)


def family(pid):
    """A process and everything under it."""
    found = [pid]
    for path in glob.glob("/proc/%d/task/*/children" % pid):
        with open(path) as children:
            for child in children.read().split():
                found += family(int(child))
    return found


def cpu(pid):
    """CPU seconds of a process, its living children and those it has buried."""
    total = 0
    for member in family(pid):
        try:
            with open("/proc/%d/stat" % member) as stat:
                fields = stat.read().rpartition(")")[2].split()
            total += sum(int(fields[i]) for i in (11, 12, 13, 14))
        except FileNotFoundError:
            pass
    return total / TICKS


def memory(pid):
    """Resident megabytes of a process and its children; shared pages count for each of them."""
    total = 0
    for member in family(pid):
        with open("/proc/%d/statm" % member) as statm:
            total += int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total / 1e6


class Stand:
    """Everything that runs, in a temporary folder, as a user that PostgreSQL accepts."""

    def __init__(self, presto, jar, java_options):
        self.folder = tempfile.mkdtemp(prefix="relay-cost-")
        os.chmod(self.folder, 0o777)
        self.presto = presto
        self.jar = jar
        self.java_options = java_options
        self.processes = {}
        self.as_user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
        self.login = "nobody" if self.as_user else pwd.getpwuid(os.geteuid()).pw_name

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as out:
            out.write(text)
        os.chmod(path, 0o666)
        return path

    def start(self, name, command):
        log = open(os.path.join(self.folder, name + ".log"), "w")
        process = subprocess.Popen(
            self.as_user + command, stdout=log, stderr=log, start_new_session=True, cwd=self.folder
        )
        self.processes[name] = process
        end = time.time() + 180
        while time.time() < end:
            try:
                socket.create_connection(("127.0.0.1", PORTS[name]), 1).close()
                return
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.1)
        with open(log.name) as said:
            sys.exit("%s does not start:\n%s" % (name, said.read()[-2000:]))

    def start_all(self):
        binaries = subprocess.run(
            ["pg_config", "--bindir"], capture_output=True, text=True
        ).stdout.strip() or os.path.dirname(glob.glob("/usr/lib/postgresql/*/bin/initdb")[-1])
        data = os.path.join(self.folder, "data")
        subprocess.run(
            self.as_user + [binaries + "/initdb", "-D", data, "-U", "postgres", "-A", "trust"],
            check=True, stdout=subprocess.DEVNULL, cwd=self.folder,
        )
        settings = {
            "port": PORTS["postgresql"], "max_connections": 1300, "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder, "fsync": "off", "jit": "off",
        }
        self.start(
            "postgresql",
            [binaries + "/postgres", "-D", data]
            + [part for key, value in settings.items() for part in ("-c", "%s=%s" % (key, value))],
        )
        self.psql("postgres", "create database tpch")
        subprocess.run(
            ["pgbench", "-q", "-i", "-s", "10", *self.target("postgresql")],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.start("pgbouncer", [shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", self.pgbouncer()])
        self.start(
            "pgpool",
            [shutil.which("pgpool") or "/usr/sbin/pgpool", "-n", "-f", self.pgpool(),
             "-a", self.file("pool_hba.conf", "host all all 127.0.0.1/32 trust\n")],
        )
        self.start(
            "prestogres",
            ["java", *self.java_options, "-jar", self.jar, "serve", "--config",
             self.prestogres()],
        )

    def pgbouncer(self):
        users = self.file("users.txt", '"postgres" ""\n')
        return self.file(
            "pgbouncer.ini",
            "[databases]\n* = host=127.0.0.1 port=%d\n[pgbouncer]\nlisten_addr=127.0.0.1\n"
            "listen_port=%d\nauth_type=trust\nauth_file=%s\npool_mode=session\nunix_socket_dir=\n"
            "max_client_conn=1200\ndefault_pool_size=1100\nserver_idle_timeout=2\n"
            "logfile=%s/pgbouncer-own.log\npidfile=%s/pgbouncer.pid\n"
            % (PORTS["postgresql"], PORTS["pgbouncer"], users, self.folder, self.folder),
        )

    def pgpool(self):
        return self.file(
            "pgpool.conf",
            "listen_addresses='127.0.0.1'\nport=%d\nunix_socket_directories='%s'\nsocket_dir='%s'\n"
            "pcp_port=26439\npcp_socket_dir='%s'\nbackend_clustering_mode='raw'\n"
            "backend_hostname0='127.0.0.1'\nbackend_port0=%d\nnum_init_children=70\nmax_pool=1\n"
            "connection_cache=off\nload_balance_mode=off\nenable_pool_hba=off\n"
            "allow_clear_text_frontend_auth=on\npid_file_name='%s/pgpool.pid'\nlogdir='%s'\n"
            % (PORTS["pgpool"], self.folder, self.folder, self.folder, PORTS["postgresql"], self.folder,
               self.folder),
        )

    def prestogres(self):
        return self.file(
            "prestogres.yml",
            "settings: {log-level: warn, admin: {host: 127.0.0.1, port: 26437}}\n"
            "instances:\n"
            "  - listen: {name: bench, host: 127.0.0.1, port: %d}\n"
            "    redirect: {name: postgresql, host: 127.0.0.1, port: %d}\n"
            "    control: {user: postgres}\n"
            "    presto: {url: '%s'}\n"
            "    results: {port: 26436}\n"
            "    limits: {max-clients: 1300}\n"
            % (PORTS["prestogres"], PORTS["postgresql"], self.presto),
        )

    def target(self, name):
        return ["-h", "127.0.0.1", "-p", str(PORTS[name]), "-U", "postgres", "tpch"]

    def psql(self, database, sql):
        return subprocess.run(
            ["psql", "-XAtq", "-h", "127.0.0.1", "-p", str(PORTS["postgresql"]), "-U", "postgres",
             "-d", database, "-c", sql],
            check=True, capture_output=True, text=True,
        ).stdout.strip()

    def pid(self, name):
        """The process itself, not runuser's."""
        pid = self.processes[name].pid
        return family(pid)[1] if self.as_user else pid

    def stop(self):
        for name in reversed(list(self.processes)):
            process = self.processes[name]
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT if name == "postgresql" else signal.SIGTERM)
                try:
                    process.wait(40)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)


class Measured:
    """One pgbench through one of the proxies, with the CPU seconds of both."""

    def __init__(self, stand, name, options):
        logs = os.path.join(stand.folder, "latency")
        for old in glob.glob(logs + "*"):
            os.remove(old)
        proxy, own = cpu(stand.pid(name)), self.children()
        done = subprocess.run(
            ["pgbench", "-n", "-l", "--sampling-rate=0.2", "--log-prefix=" + logs, *options,
             *stand.target(name)],
            capture_output=True, text=True,
        )
        if done.returncode != 0:
            sys.exit("pgbench through %s failed: %s" % (name, done.stderr))
        self.proxy_cpu = cpu(stand.pid(name)) - proxy
        self.pgbench_cpu = self.children() - own
        self.ratio = self.proxy_cpu / self.pgbench_cpu
        self.tps = float(re.search(r"tps = ([\d.]+)", done.stdout).group(1))
        self.transactions = int(re.search(r"actually processed: (\d+)", done.stdout).group(1))
        latencies = []
        for path in glob.glob(logs + "*"):
            with open(path) as log:
                latencies += [int(line.split()[2]) for line in log]
        latencies.sort()
        self.p50 = latencies[len(latencies) // 2] if latencies else 0
        self.p99 = latencies[int(len(latencies) * 0.99)] if latencies else 0

    @staticmethod
    def children():
        times = os.times()
        return times.children_user + times.children_system


def median(runs, field):
    return statistics.median(getattr(run, field) for run in runs)


def idle(stand, name, count):
    """Resident memory with so many idle clients, and of a JVM the heap that is in use after a GC."""
    sockets = []
    body = struct.pack("!i", 3 << 16) + b"user\0postgres\0database\0tpch\0\0"
    for _ in range(count):
        client = socket.create_connection(("127.0.0.1", PORTS[name]), 10)
        client.sendall(struct.pack("!i", len(body) + 4) + body)
        sockets.append(client)
    for client in sockets:
        data = b""
        while b"Z\0\0\0\5I" not in data:
            data += client.recv(65536)
    time.sleep(1)
    result = memory(stand.pid(name)), heap(stand, name)
    for client in sockets:
        client.sendall(b"X\0\0\0\4")
        client.close()
    time.sleep(3)
    return result


def heap(stand, name):
    if name != "prestogres":
        return 0.0
    pid = str(stand.pid(name))
    histogram = subprocess.run(
        stand.as_user + ["jcmd", pid, "GC.class_histogram"], capture_output=True, text=True
    ).stdout
    return int(re.findall(r"^Total\s+\d+\s+(\d+)", histogram, re.M)[-1]) / 1e6


def row(cells):
    return "| " + " | ".join(cells) + " |"


def transactions(stand, options, table):
    names = [name for name in PROXIES if name in options.proxies]
    table.append(row(["mode", "clients"] + ["%s %s" % (n, f) for n in names
                     for f in ("CPU/pgbench", "tps", "p50 ms", "p99 ms")] + ["prestogres : pgbouncer"]))
    table.append(row(["---"] * (3 + 4 * len(names))))
    for mode in options.modes.split(","):
        warm = ["-S", "-M", mode, "-c", "16", "-j", "2", "-T", str(options.warmup)]
        Measured(stand, "prestogres", warm)
        for clients in options.clients.split(","):
            args = ["-S", "-M", mode, "-c", clients, "-j", "1" if clients == "1" else "2",
                    "-T", str(options.seconds)]
            runs = {name: [] for name in names}
            for _ in range(options.repeats):
                for name in names:
                    runs[name].append(Measured(stand, name, args))
            cells = [mode, clients]
            for name in names:
                cells += ["%.2f" % median(runs[name], "ratio"), "%.0f" % median(runs[name], "tps"),
                          "%.2f" % (median(runs[name], "p50") / 1000),
                          "%.2f" % (median(runs[name], "p99") / 1000)]
            ratios = [ours.ratio / theirs.ratio
                      for ours, theirs in zip(runs["prestogres"], runs["pgbouncer"])]
            cells.append("%.2f (%.2f–%.2f)" % (statistics.median(ratios), min(ratios), max(ratios)))
            table.append(row(cells))
            print(table[-1], flush=True)


def results(stand, options, table):
    names = [name for name in PROXIES if name in options.proxies]
    table += ["", row(["large result"] + [n + " CPU s/GB" for n in names] + ["prestogres : pgbouncer"]),
              row(["---"] * (2 + len(names)))]
    for title, sql, size in (("1,000,000 rows of 4 columns", NARROW, NARROW_BYTES),
                             ("20,000 rows of 8 kB", WIDE, WIDE_BYTES)):
        args = ["-f", stand.file("result.sql", sql + "\n"), "-c", "1", "-t", "6"]
        Measured(stand, "prestogres", args)
        runs = {name: [] for name in names}
        for _ in range(options.repeats):
            for name in names:
                runs[name].append(Measured(stand, name, args).proxy_cpu / (6 * size / 1e9))
        ratios = [a / b for a, b in zip(runs["prestogres"], runs["pgbouncer"])]
        table.append(row([title] + ["%.2f" % statistics.median(runs[n]) for n in names]
                         + ["%.2f (%.2f–%.2f)" % (statistics.median(ratios), min(ratios), max(ratios))]))
        print(table[-1], flush=True)


def connects(stand, options, table):
    names = [name for name in PROXIES if name in options.proxies]
    table += ["", row(["pgbench -C, 16 clients"] + [n + " CPU ms/connection" for n in names]),
              row(["---"] * (1 + len(names)))]
    args = ["-S", "-C", "-c", "16", "-j", "2", "-T", str(options.seconds)]
    cells = []
    for name in names:
        Measured(stand, name, args)
        run = Measured(stand, name, args)
        cells.append("%.2f" % (1000 * run.proxy_cpu / run.transactions))
    table.append(row(["select"] + cells))
    print(table[-1], flush=True)


def clients_at_rest(stand, options, table):
    names = [name for name in PROXIES if name in options.proxies]
    table += ["", row(["idle clients"] + [n + " MB resident" for n in names] + ["prestogres heap MB"]),
              row(["---"] * (2 + len(names)))]
    heaps = {}
    for count in (0, 64, 1000):
        cells = []
        for name in names:
            # pgpool-II has one process for each client that it may have, and is set to 70.
            if name == "pgpool" and count > 70:
                cells.append("–")
                continue
            resident, heaps[count] = idle(stand, name, count)
            cells.append("%.0f" % resident)
        table.append(row([str(count)] + cells + ["%.2f" % heaps[count]]))
        print(table[-1], flush=True)
    table += ["", "An idle client of prestogres takes %.1f kB of heap."
              % ((heaps[1000] - heaps[0]) * 1000 / 1000)]
    print(table[-1], flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presto", required=True, help="base URL of a Presto with catalog tpch")
    parser.add_argument("--jar", default=os.path.join(ROOT, "target", "prestogres.jar"))
    parser.add_argument("--java-options", default="-Xmx256m -XX:+UseSerialGC")
    parser.add_argument("--modes", default="simple,extended,prepared")
    parser.add_argument("--clients", default="1,16,64")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--warmup", type=int, default=60)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--proxies", default=",".join(PROXIES))
    parser.add_argument("--out", default="relay-cost.md")
    options = parser.parse_args()
    table = ["# What a relay costs", "",
             "Medians of %d runs of %d s, in turn, after %d s of warm-up; %d cores. The last column is the"
             % (options.repeats, options.seconds, options.warmup, os.cpu_count()),
             "median of the runs' ratios, with their least and greatest.", ""]
    stand = Stand(options.presto, os.path.abspath(options.jar), options.java_options.split())
    # A bench that is told to stop takes everything with it.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("stopped"))
    try:
        stand.start_all()
        transactions(stand, options, table)
        results(stand, options, table)
        connects(stand, options, table)
        clients_at_rest(stand, options, table)
    finally:
        stand.stop()
    with open(options.out, "w") as out:
        out.write("\n".join(table) + "\n")
    print("written to " + options.out)


if __name__ == "__main__":
    main()
