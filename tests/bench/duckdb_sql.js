// SPDX-License-Identifier: Apache-2.0
// usage: node duckdb_sql.js FILE.sql IN THRESHOLDS OUT   (THREADS=n)
// Runs the statements of FILE in DuckDB, with the three file names in place of $IN, $THRESHOLDS, $OUT.
const fs = require('fs');
const { DuckDBInstance } = require('@duckdb/node-api');

const [, , file, IN, THRESHOLDS, OUT] = process.argv;
const names = { IN, THRESHOLDS, OUT };
const sql = fs.readFileSync(file, 'utf8').replace(/\$([A-Z]+)/g, (_, name) => names[name]);

(async () => {
  const options = process.env.THREADS ? { threads: process.env.THREADS } : {};
  const connection = await (await DuckDBInstance.create(':memory:', options)).connect();
  await connection.run(sql);
})();
