// pg and pg-cursor.

import pg from 'pg';
import Cursor from 'pg-cursor';

const ssl = process.env.PGSSLMODE === 'disable' ? false : { rejectUnauthorized: false };
// bigint as numbers, dates as text.
pg.types.setTypeParser(20, Number);
pg.types.setTypeParser(1082, (text) => text);
const client = new pg.Client({ ssl });
await client.connect();

const say = (...words) => console.log(words.join(' '));

async function one(text, ...values) {
  const { rows } = await client.query({ text, values, rowMode: 'array' });
  return rows[0][0];
}

async function fails(text) {
  return client.query(text).then(() => 'no error', (error) => error.code);
}

const parts = {
  async browse() {
    const schemas = await client.query('select schema_name from information_schema.schemata');
    say('browse schemas', ...schemas.rows.map((row) => row.schema_name).filter((name) => /^sf|^tiny$/.test(name)).sort());
    const tables = await client.query(
      'select table_name from information_schema.tables where table_schema = $1', ['tiny']);
    say('browse tables', ...tables.rows.map((row) => row.table_name).sort());
    const { fields } = await client.query('select * from sf1.nation limit 0');
    say('browse columns', ...fields.map((field) => field.name));
    const types = { 20: 'bigint', 1043: 'character varying' };
    say('browse types', fields.map((field) => types[field.dataTypeID]).join(','));
  },
  async parameters() {
    const nation = 'select count(*) from sf1.nation where';
    const orders = 'select count(*) from tiny.orders where';
    say('parameters text', await one(`${nation} name = $1`, 'FRANCE'));
    say('parameters bigint', await one('select name from sf1.nation where nationkey = $1', 6n));
    say('parameters date', await one(`${orders} orderdate < $1`, new Date(1992, 1, 1)));
    say('parameters numeric', await one(`${orders} totalprice > $1::numeric`, '250000.50'));
    say('parameters null', await one(`${nation} name = $1`, null));
    say('parameters boolean', await one(`${nation} (regionkey = 1) = $1`, true));
    say('parameters float', await one(`${orders} totalprice < $1`, 1000.5));
    say('parameters timestamp', await one(`${orders} orderdate < $1::timestamp`, new Date(1992, 1, 1, 12)));
    say('parameters array', await one(`${nation} nationkey = any($1)`, [1, 2, 3]));
    say('parameters bytea', await one(`${nation} convert_to(name, 'UTF8') = $1`, Buffer.from('FRANCE')));
    for (const name of ['FRANCE', 'KENYA']) {
      const { rows } = await client.query({ name: 'kept', text: 'select nationkey from sf1.nation where name = $1', values: [name] });
      if (rows.length !== 1) say('parameters named', name, JSON.stringify(rows));
    }
  },
  async rows() {
    const cursor = client.query(new Cursor('select orderkey, totalprice from tiny.orders'));
    let [count, keys, cents] = [0, 0, 0];
    for (let rows = await cursor.read(1000); rows.length > 0; rows = await cursor.read(1000)) {
      for (const row of rows) {
        count++;
        keys += row.orderkey;
        cents += Math.round(row.totalprice * 100);
      }
    }
    await cursor.close();
    say('rows', count, keys, cents);
  },
  async error() {
    say('error', await fails('select nosuch from sf1.nation'));
    say('error after', await one('select count(*) from sf1.nation'));
    await client.query('begin');
    say('error inside', await fails('select nosuch from sf1.nation'));
    say('error failed', await fails('select count(*) from sf1.nation'));
    await client.query('rollback');
    say('error rolled-back', await one('select count(*) from sf1.nation'));
  },
  async cancel() {
    const query = new pg.Query('select count(*) from sf100.lineitem');
    const ended = new Promise((resolve) => query.once('error', resolve).once('end', () => resolve({ code: 'not' })));
    client.query(query);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const start = Date.now();
    new pg.Client({ ssl }).cancel(client, query);
    say('cancel', (await ended).code);
    if (Date.now() - start > 5000) say('cancel took', Date.now() - start, 'ms');
    say('cancel after', await one('select count(*) from sf1.region'));
  },
};

for (const part of process.argv.slice(3)) await parts[part]();
await client.end();
