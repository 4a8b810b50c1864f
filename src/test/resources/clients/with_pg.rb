# ruby-pg. Variants: text and binary results.

require 'pg'

$stdout.sync = true
variant, *parts = ARGV
DB = PG.connect
FORMAT = variant == 'binary' ? 1 : 0
DB.type_map_for_results = PG::BasicTypeMapForResults.new(DB)
DB.type_map_for_queries = PG::BasicTypeMapForQueries.new(DB)

def one(sql, *values) = DB.exec_params(sql, values, FORMAT).getvalue(0, 0)

def fails(sql)
  DB.exec_params(sql, [], FORMAT)
  'no error'
rescue PG::Error => e
  e.result.error_field(PG::PG_DIAG_SQLSTATE)
end

def browse
  schemas = DB.exec('select schema_name from information_schema.schemata').column_values(0)
  puts "browse schemas #{schemas.grep(/^sf|^tiny$/).sort.join(' ')}"
  tables = DB.exec_params('select table_name from information_schema.tables where table_schema = $1', ['tiny'])
  puts "browse tables #{tables.column_values(0).sort.join(' ')}"
  nation = DB.exec('select * from sf1.nation limit 0')
  puts "browse columns #{nation.fields.join(' ')}"
  types = nation.fields.each_index.map do |i|
    DB.exec_params('select format_type($1::oid, null)', [nation.ftype(i)]).getvalue(0, 0)
  end
  puts "browse types #{types.join(',')}"
end

def parameters
  nation = 'select count(*) from sf1.nation where'
  orders = 'select count(*) from tiny.orders where'
  puts "parameters text #{one("#{nation} name = $1", 'FRANCE')}"
  puts "parameters bigint #{one('select name from sf1.nation where nationkey = $1', 6)}"
  puts "parameters date #{one("#{orders} orderdate < $1", '1992-02-01')}"
  puts "parameters numeric #{one("#{orders} totalprice > $1::numeric", '250000.50')}"
  puts "parameters null #{one("#{nation} name = $1", nil)}"
  puts "parameters boolean #{one("#{nation} (regionkey = 1) = $1", true)}"
  puts "parameters float #{one("#{orders} totalprice < $1", 1000.5)}"
  puts "parameters timestamp #{one("#{orders} orderdate < $1::timestamp", '1992-02-01 12:00:00')}"
  puts "parameters array #{one("#{nation} nationkey = any($1::bigint[])", [1, 2, 3])}"
  bytes = PG::BasicTypeMapForQueries::BinaryData.new('FRANCE')
  puts "parameters bytea #{one("#{nation} convert_to(name, 'UTF8') = $1", bytes)}"
end

# Row by row, as they come; the driver keeps none.
def rows
  sum = [0, 0, 0]
  DB.send_query_params('select orderkey, totalprice from tiny.orders', [], FORMAT)
  DB.set_single_row_mode
  DB.get_result.stream_each_row do |key, price|
    sum[0] += 1
    sum[1] += key
    sum[2] += (price * 100).round
  end
  puts "rows #{sum.join(' ')}"
end

def error
  puts "error #{fails('select nosuch from sf1.nation')}"
  puts "error after #{one('select count(*) from sf1.nation')}"
  DB.exec('begin')
  puts "error inside #{fails('select nosuch from sf1.nation')}"
  puts "error failed #{fails('select count(*) from sf1.nation')}"
  DB.exec('rollback')
  puts "error rolled-back #{one('select count(*) from sf1.nation')}"
end

def cancel
  DB.send_query('select count(*) from sf100.lineitem')
  sleep 2
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  DB.cancel
  puts "cancel #{DB.get_result.error_field(PG::PG_DIAG_SQLSTATE)}"
  took = Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
  puts "cancel took #{took} seconds" if took > 5
  DB.discard_results
  puts "cancel after #{one('select count(*) from sf1.region')}"
end

parts.each { |part| send(part) }
DB.close
