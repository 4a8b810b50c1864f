<?php
// PDO. Variants: 0 (prepared on the server) and 1 (values in the text), as PDO::ATTR_EMULATE_PREPARES. It has no cancel.

[$server, $encryption] = [getenv('PGHOST') . ';port=' . getenv('PGPORT'), getenv('PGSSLMODE')];
$db = new PDO("pgsql:host=$server;dbname=" . getenv('PGDATABASE') . ";sslmode=$encryption", getenv('PGUSER'), '',
    [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_EMULATE_PREPARES => $argv[1] === '1']);

function tell(...$words) { echo implode(' ', $words), "\n"; }

function query(string $sql, $value = null, ?int $type = null): PDOStatement {
    global $db;
    $statement = $db->prepare($sql);
    if ($type !== null) {
        $statement->bindValue(1, $value, $type);
    }
    $statement->execute();
    return $statement;
}

function one(string $sql, $value = null, ?int $type = null) {
    return query($sql, $value, $type)->fetchColumn();
}

function fails(string $sql): string {
    try {
        query($sql);
        return '';
    } catch (PDOException $error) {
        return $error->errorInfo[0];
    }
}

function browse(): void {
    $schemas = array_filter(
        query('select schema_name from information_schema.schemata')->fetchAll(PDO::FETCH_COLUMN),
        fn ($name) => str_starts_with($name, 'sf') || $name === 'tiny');
    sort($schemas);
    tell('browse schemas', ...$schemas);
    $tables = query('select table_name from information_schema.tables where table_schema = ?', 'tiny', PDO::PARAM_STR)
        ->fetchAll(PDO::FETCH_COLUMN);
    sort($tables);
    tell('browse tables', ...$tables);
    $statement = query('select * from sf1.nation limit 0');
    $columns = array_map(fn ($i) => $statement->getColumnMeta($i), range(0, $statement->columnCount() - 1));
    tell('browse columns', ...array_column($columns, 'name'));
    $types = ['int8' => 'bigint', 'varchar' => 'character varying'];
    tell('browse types', implode(',', array_map(fn ($column) => $types[$column['native_type']], $columns)));
}

function parameters(): void {
    $nation = 'select count(*) from sf1.nation where';
    $orders = 'select count(*) from tiny.orders where';
    tell('parameters text', one("$nation name = ?", 'FRANCE', PDO::PARAM_STR));
    tell('parameters bigint', one('select name from sf1.nation where nationkey = ?', 6, PDO::PARAM_INT));
    tell('parameters date', one("$orders orderdate < ?", '1992-02-01', PDO::PARAM_STR));
    tell('parameters numeric', one("$orders totalprice > cast(? as numeric)", '250000.50', PDO::PARAM_STR));
    tell('parameters null', one("$nation name = ?", null, PDO::PARAM_NULL));
    tell('parameters boolean', one("$nation (regionkey = 1) = ?", true, PDO::PARAM_BOOL));
}

function rows(): void {
    global $db;
    $db->beginTransaction();
    $db->exec('declare many cursor for select orderkey, totalprice from tiny.orders');
    $count = $keys = $cents = 0;
    do {
        $rows = $db->query('fetch 1000 from many')->fetchAll(PDO::FETCH_NUM);
        foreach ($rows as [$key, $price]) {
            $count++;
            $keys += $key;
            $cents += (int) round($price * 100);
        }
    } while ($rows);
    $db->commit();
    tell('rows', $count, $keys, $cents);
}

function error(): void {
    global $db;
    tell('error', fails('select nosuch from sf1.nation'));
    tell('error after', one('select count(*) from sf1.nation'));
    $db->beginTransaction();
    tell('error inside', fails('select nosuch from sf1.nation'));
    tell('error failed', fails('select count(*) from sf1.nation'));
    $db->rollBack();
    tell('error rolled-back', one('select count(*) from sf1.nation'));
}

foreach (array_slice($argv, 2) as $part) {
    $part();
}
