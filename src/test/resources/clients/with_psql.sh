# psql 10 or newer. Values go into the text by psql's own quoting, rows come by its FETCH_COUNT.
set -u
shift

ask() { psql -XAtq "$@"; }
say() { echo "$@"; }

browse() {
  say browse schemas $(ask -c '\dn' | cut -d'|' -f1 | grep -E '^(sf|tiny$)' | LC_ALL=C sort)
  say browse tables $(ask -c '\dt tiny.*' | cut -d'|' -f2 | LC_ALL=C sort)
  columns=$(ask -c '\d sf1.nation' | grep -E '^[a-z]+\|')
  say browse columns $(echo "$columns" | cut -d'|' -f1)
  say browse types "$(echo "$columns" | cut -d'|' -f2 | sed 's/(.*//' | paste -sd,)"
}

parameters() {
  ask -v text=FRANCE -v day=1992-02-01 -v price=250000.50 <<'SQL'
select 'parameters text ' || count(*) from sf1.nation where name = :'text';
select 'parameters bigint ' || name from sf1.nation where nationkey = 6;
select 'parameters date ' || count(*) from tiny.orders where orderdate < :'day';
select 'parameters numeric ' || count(*) from tiny.orders where totalprice > :price;
prepare named(text) as select 'parameters null ' || count(*) from sf1.nation where name = $1;
execute named(null);
SQL
}

rows() {
  say rows $(ask -F ' ' -v FETCH_COUNT=1000 -c 'select orderkey, totalprice from tiny.orders' \
    | awk '{ n++; keys += $1; cents += int($2 * 100 + 0.5) } END { printf "%.0f %.0f %.0f\n", n, keys, cents }')
}

error() {
  ask -f - 2>&1 <<'SQL' | sed 's/^psql:.* ERROR: */error /'
\set VERBOSITY sqlstate
select nosuch from sf1.nation;
select 'error after ' || count(*) from sf1.nation;
SQL
}

# Ctrl-C ends the statement, not the script that psql reads.
cancel() {
  ask -f - 2>&1 <<'SQL' | sed -e '/^Cancel request sent/d' -e 's/^psql:.* ERROR: */cancel /'
\set VERBOSITY sqlstate
\! psql=$PPID; (sleep 2; kill -INT $psql) &
select count(*) from sf100.lineitem;
SQL
  say cancel after $(ask -c 'select count(*) from sf1.region')
}

for part; do $part; done
