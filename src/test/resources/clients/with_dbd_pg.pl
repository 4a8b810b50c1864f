# DBD::Pg. Variants: 1 (prepared on the server) and 0 (values in the text), as pg_server_prepare.
use strict;
use warnings;
use DBI;
use DBD::Pg qw(:pg_types :async);

$| = 1;
my ($variant, @parts) = @ARGV;
my $db = DBI->connect('dbi:Pg:', undef, undef,
    { RaiseError => 0, PrintError => 0, AutoCommit => 1, pg_server_prepare => $variant });
die $DBI::errstr unless $db;

sub say_ { print join(' ', @_), "\n" }

sub one {
    my ($sql, $value, $type) = @_;
    my $statement = $db->prepare($sql) or die $db->errstr;
    $statement->bind_param(1, $value, $type ? { pg_type => $type } : ()) if @_ > 1;
    $statement->execute or die $statement->errstr;
    my ($result) = $statement->fetchrow_array;
    $statement->finish;
    return $result;
}

sub fails {
    my $statement = $db->prepare($_[0]);
    $statement->execute if $statement;
    return $db->state;
}

my %do = (
    browse => sub {
        my $schemas = $db->table_info('', '%', '', '')->fetchall_arrayref({});
        say_('browse schemas', sort grep { /^(sf|tiny$)/ } map { $_->{TABLE_SCHEM} } @$schemas);
        my $tables = $db->table_info('', 'tiny', '%', 'TABLE')->fetchall_arrayref({});
        say_('browse tables', sort map { $_->{TABLE_NAME} } @$tables);
        my $columns = $db->column_info('', 'sf1', 'nation', '%')->fetchall_arrayref({});
        say_('browse columns', map { $_->{COLUMN_NAME} } @$columns);
        say_('browse types', join ',', map { $_->{TYPE_NAME} =~ s/\(.*//r } @$columns);
    },
    parameters => sub {
        my $nation = 'select count(*) from sf1.nation where';
        my $orders = 'select count(*) from tiny.orders where';
        say_('parameters text', one("$nation name = ?", 'FRANCE'));
        say_('parameters bigint', one('select name from sf1.nation where nationkey = ?', 6, PG_INT8));
        say_('parameters date', one("$orders orderdate < ?", '1992-02-01', PG_DATE));
        say_('parameters numeric', one("$orders totalprice > ?", '250000.50', PG_NUMERIC));
        say_('parameters null', one("$nation name = ?", undef));
        say_('parameters boolean', one("$nation (regionkey = 1) = ?", 1, PG_BOOL));
        say_('parameters float', one("$orders totalprice < ?", 1000.5, PG_FLOAT8));
        say_('parameters timestamp', one("$orders orderdate < cast(? as timestamp)", '1992-02-01 12:00:00', PG_TIMESTAMP));
        say_('parameters array', one("$nation nationkey = any(?)", [1, 2, 3]));
        say_('parameters bytea', one("$nation convert_to(name, 'UTF8') = ?", 'FRANCE', PG_BYTEA));
    },
    rows => sub {
        my @sum = (0, 0, 0);
        $db->begin_work;
        $db->do('declare many no scroll cursor for select orderkey, totalprice from tiny.orders') or die $db->errstr;
        while (1) {
            my $portion = $db->selectall_arrayref('fetch 1000 from many') or die $db->errstr;
            last unless @$portion;
            for my $row (@$portion) {
                $sum[0]++;
                $sum[1] += $row->[0];
                $sum[2] += int($row->[1] * 100 + 0.5);
            }
        }
        $db->commit;
        say_('rows', @sum);
    },
    error => sub {
        say_('error', fails('select nosuch from sf1.nation'));
        say_('error after', one('select count(*) from sf1.nation'));
        $db->begin_work;
        say_('error inside', fails('select nosuch from sf1.nation'));
        say_('error failed', fails('select count(*) from sf1.nation'));
        $db->rollback;
        say_('error rolled-back', one('select count(*) from sf1.nation'));
    },
    cancel => sub {
        my $statement = $db->prepare('select count(*) from sf100.lineitem', { pg_async => PG_ASYNC });
        $statement->execute;
        sleep 2;
        my $begin = time;
        $db->pg_cancel;
        say_('cancel', $db->state);
        say_('cancel took', time - $begin, 'seconds') if time - $begin > 5;
        say_('cancel after', one('select count(*) from sf1.region'));
    },
);

$do{$_}->() for @parts;
$db->disconnect;
