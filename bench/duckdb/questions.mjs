// The questions of bench/spending, asked of DuckDB: questions.mjs plain.csv FOLDER YEAR
//
// Loads the payments into a database in FOLDER, then asks each question ten times; prints JSON: seconds of loading, the median of each question in ms, the
// answers that are compared, and the most resident memory in MB.
import { DuckDBInstance } from "@duckdb/node-api";

const [path, folder, year] = process.argv.slice(2);
const instance = await DuckDBInstance.create(folder + "/payments.duckdb", { threads: "2" });
const connection = await instance.connect();
const now = () => Number(process.hrtime.bigint()) / 1e6;

async function rows(sql) {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRows();
}

const began = now();
await rows(`create table payment as select day, year(day - interval 3 month) as year, body, supplier, pence, category
  from read_csv('${path}', columns = {day: 'date', body: 'varchar', supplier: 'varchar', pence: 'bigint', category: 'varchar'}, header = true)`);
await rows("checkpoint");
const loading = (now() - began) / 1000;

const questions = {
  years: "select year, sum(pence), count(*) from payment group by year order by year",
  bodies: `select body, sum(pence), count(*) from payment where year = ${year} group by body order by body`,
  categories: `select category, sum(pence), count(*) from payment where year = ${year} group by category order by category`,
  suppliers: `select supplier, sum(pence), count(*) from payment where year = ${year} group by supplier order by 2 desc`,
};
const taken = {}, answers = {};
for (const [name, sql] of Object.entries(questions)) {
  const times = [];
  for (let turn = 0; turn < 10; turn++) {
    const from = now();
    const answer = await rows(sql);
    times.push(now() - from);
    answers[name] = answer.length > 100 ? [["all", String(answer.reduce((sum, row) => sum + BigInt(row[1]), 0n)), String(answer.length)]] : answer.map((row) => row.map(String));
  }
  taken[name] = times.sort((a, b) => a - b)[5];
}
console.log(JSON.stringify({ loading, taken, answers, peak: process.resourceUsage().maxRSS / 1024 }));
