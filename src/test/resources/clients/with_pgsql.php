<?php
// The extension pgsql. Its cancel throws the statement's error away.

$connection = pg_connect('') or exit(1);

function tell(...$words) { echo implode(' ', $words), "\n"; }

function one(string $sql, array $values = []) {
    global $connection;
    $result = $values ? pg_query_params($connection, $sql, $values) : pg_query($connection, $sql);
    return pg_fetch_row($result)[0];
}

function fails(string $sql): string {
    global $connection;
    pg_send_query($connection, $sql);
    $state = '';
    while ($result = pg_get_result($connection)) {
        $state = pg_result_error_field($result, PGSQL_DIAG_SQLSTATE);
    }
    return $state ?? '';
}

function browse(): void {
    global $connection;
    $schemas = array_filter(
        pg_fetch_all_columns(pg_query($connection, 'select schema_name from information_schema.schemata')),
        fn ($name) => str_starts_with($name, 'sf') || $name === 'tiny');
    sort($schemas);
    tell('browse schemas', ...$schemas);
    $tables = pg_fetch_all_columns(pg_query_params($connection,
        'select table_name from information_schema.tables where table_schema = $1', ['tiny']));
    sort($tables);
    tell('browse tables', ...$tables);
    $columns = pg_meta_data($connection, 'sf1.nation');
    tell('browse columns', ...array_keys($columns));
    $types = ['int8' => 'bigint', 'varchar' => 'character varying'];
    tell('browse types', implode(',', array_map(fn ($column) => $types[$column['type']], array_values($columns))));
}

function parameters(): void {
    $nation = 'select count(*) from sf1.nation where';
    $orders = 'select count(*) from tiny.orders where';
    tell('parameters text', one("$nation name = $1", ['FRANCE']));
    tell('parameters bigint', one('select name from sf1.nation where nationkey = $1', [6]));
    tell('parameters date', one("$orders orderdate < $1", ['1992-02-01']));
    tell('parameters numeric', one("$orders totalprice > $1::numeric", ['250000.50']));
    tell('parameters null', one("$nation name = $1", [null]));
    tell('parameters boolean', one("$nation (regionkey = 1) = $1", ['t']));
    tell('parameters float', one("$orders totalprice < $1", [1000.5]));
    tell('parameters timestamp', one("$orders orderdate < $1::timestamp", ['1992-02-01 12:00:00']));
    tell('parameters array', one("$nation nationkey = any($1)", ['{1,2,3}']));
    tell('parameters bytea', one("$nation convert_to(name, 'UTF8') = $1", ['\\x4652414e4345']));
}

function rows(): void {
    global $connection;
    $count = $keys = $cents = 0;
    pg_query($connection, 'begin');
    pg_query($connection, 'declare many cursor for select orderkey, totalprice from tiny.orders');
    do {
        $result = pg_query($connection, 'fetch 1000 from many');
        while ($row = pg_fetch_row($result)) {
            $count++;
            $keys += $row[0];
            $cents += (int) round($row[1] * 100);
        }
    } while (pg_num_rows($result) > 0);
    pg_query($connection, 'commit');
    tell('rows', $count, $keys, $cents);
}

function error(): void {
    tell('error', fails('select nosuch from sf1.nation'));
    tell('error after', one('select count(*) from sf1.nation'));
    global $connection;
    pg_query($connection, 'begin');
    tell('error inside', fails('select nosuch from sf1.nation'));
    tell('error failed', fails('select count(*) from sf1.nation'));
    pg_query($connection, 'rollback');
    tell('error rolled-back', one('select count(*) from sf1.nation'));
}

function cancel(): void {
    global $connection;
    pg_send_query($connection, 'select count(*) from sf100.lineitem');
    sleep(2);
    $begin = time();
    tell('cancel', pg_cancel_query($connection) ? 'given-up' : 'refused');
    if (time() - $begin > 5) {
        tell('cancel took', time() - $begin, 'seconds');
    }
    tell('cancel after', one('select count(*) from sf1.region'));
}

foreach (array_slice($argv, 2) as $part) {
    $part();
}
