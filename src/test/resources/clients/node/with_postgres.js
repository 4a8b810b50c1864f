// postgres.js: everything prepared, with the types that the server gives its parameters.

import postgres from 'postgres';

const sql = postgres({
  max: 1,
  ssl: process.env.PGSSLMODE === 'disable' ? false : { rejectUnauthorized: false },
  onnotice: () => {},
  types: { bigint: { ...postgres.BigInt, parse: Number } },
});

const say = (...words) => console.log(words.join(' '));

async function one(query) {
  return Object.values((await query)[0])[0];
}

async function fails(query) {
  return query.then(() => 'no error', (error) => error.code);
}

const parts = {
  async browse() {
    const schemas = await sql`select schema_name from information_schema.schemata`;
    say('browse schemas', ...schemas.map((row) => row.schema_name).filter((name) => /^sf|^tiny$/.test(name)).sort());
    const tables = await sql`select table_name from information_schema.tables where table_schema = ${'tiny'}`;
    say('browse tables', ...tables.map((row) => row.table_name).sort());
    const { columns } = await sql`select * from sf1.nation limit 0`;
    say('browse columns', ...columns.map((column) => column.name));
    const types = { 20: 'bigint', 1043: 'character varying' };
    say('browse types', columns.map((column) => types[column.type]).join(','));
  },
  async parameters() {
    const nation = sql`select count(*) from sf1.nation where`;
    const orders = sql`select count(*) from tiny.orders where`;
    say('parameters text', await one(sql`${nation} name = ${'FRANCE'}`));
    say('parameters bigint', await one(sql`select name from sf1.nation where nationkey = ${6n}`));
    say('parameters date', await one(sql`${orders} orderdate < ${new Date('1992-02-01')}`));
    say('parameters numeric', await one(sql`${orders} totalprice > ${'250000.50'}::numeric`));
    say('parameters null', await one(sql`${nation} name = ${null}`));
    say('parameters boolean', await one(sql`${nation} (regionkey = 1) = ${true}`));
    say('parameters float', await one(sql`${orders} totalprice < ${1000.5}`));
    say('parameters timestamp', await one(sql`${orders} orderdate < ${'1992-02-01 12:00:00'}::timestamp`));
    say('parameters array', await one(sql`${nation} nationkey = any(${[1, 2, 3]})`));
    say('parameters bytea', await one(sql`${nation} convert_to(name, 'UTF8') = ${Buffer.from('FRANCE')}`));
  },
  async rows() {
    let [count, keys, cents] = [0, 0, 0];
    for await (const rows of sql`select orderkey, totalprice from tiny.orders`.cursor(1000)) {
      for (const row of rows) {
        count++;
        keys += row.orderkey;
        cents += Math.round(row.totalprice * 100);
      }
    }
    say('rows', count, keys, cents);
  },
  async error() {
    say('error', await fails(sql`select nosuch from sf1.nation`));
    say('error after', await one(sql`select count(*) from sf1.nation`));
    const connection = await sql.reserve();
    await connection`begin`;
    say('error inside', await fails(connection`select nosuch from sf1.nation`));
    say('error failed', await fails(connection`select count(*) from sf1.nation`));
    await connection`rollback`;
    say('error rolled-back', await one(connection`select count(*) from sf1.nation`));
    connection.release();
  },
  async cancel() {
    const query = sql`select count(*) from sf100.lineitem`;
    const ended = fails(query.execute());
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const start = Date.now();
    query.cancel();
    say('cancel', await ended);
    if (Date.now() - start > 5000) say('cancel took', Date.now() - start, 'ms');
    say('cancel after', await one(sql`select count(*) from sf1.region`));
  },
};

for (const part of process.argv.slice(3)) await parts[part]();
await sql.end();
