// Whole numbers in JSON that no column of 64 bits holds: they keep every digit, or become text.

import {quoteName, quoteText} from '../../engine/sql-text.ts';
import type {LoadJob} from '../job.ts';

const exactInDouble = 2 ** 53;
/** Parquet has no integers of 128 bits. */
const wholeOf38 = 'DECIMAL(38,0)';

/** Whole numbers of more than 64 bits become DOUBLE: read again as text they keep their digits, as decimals where they fit. */
export async function keepDigits(job: LoadJob, relation: string, read: (columns: string) => string): Promise<string> {
  const engine = await job.engine();
  const columns = (await engine.run(`DESCRIBE ${relation}`, job.signal)).rows.map(([name, type]) => ({
    name: String(name),
    type: String(type),
  }));
  const doubles = columns.filter(({type}) => type === 'DOUBLE').map(({name}) => name);
  if (doubles.length === 0) return relation;
  const checks = doubles.map(
    name =>
      `coalesce(max(abs(${quoteName(name)})) >= ${exactInDouble} AND bool_and(trunc(${quoteName(name)}) = ${quoteName(name)}), false)`,
  );
  const [found = []] = (await engine.run(`SELECT ${checks.join(', ')} FROM ${relation}`, job.signal)).rows;
  const large = new Set(doubles.filter((_, index) => found[index] === true));
  if (large.size === 0) return relation;
  const again = job.tableName();
  const types = columns.map(({name, type}) => `${quoteText(name)}: ${quoteText(large.has(name) ? 'VARCHAR' : type)}`);
  await engine.run(`CREATE TABLE ${again} AS SELECT * FROM ${read(types.join(', '))}`, job.signal);
  for (const name of large) {
    const cell = quoteName(name);
    const fits = (type: string) => `count(TRY_CAST(${cell} AS ${type})) = count(${cell})`;
    const digits = `bool_and(regexp_full_match(${cell}, '-?[0-9]+'))`;
    const [[isWhole, isHuge] = []] = (
      await engine.run(`SELECT ${digits}, ${fits(wholeOf38)} FROM ${again}`, job.signal)
    ).rows;
    const type = isWhole !== true ? 'DOUBLE' : isHuge === true ? wholeOf38 : 'VARCHAR';
    await engine.run(`ALTER TABLE ${again} ALTER ${cell} TYPE ${type}`, job.signal);
  }
  return again;
}

/** Whole numbers of 65 to 128 bits, also inside records and lists: Parquet would hold them as DOUBLE and merge neighbours. */
export async function keepWholes(job: LoadJob, relation: string): Promise<void> {
  const engine = await job.engine();
  const columns = (await engine.run(`DESCRIBE ${relation}`, job.signal)).rows;
  for (const [name, type] of columns) {
    if (!/HUGEINT/.test(String(type))) continue;
    const alter = (to: string) =>
      engine.run(`ALTER TABLE ${relation} ALTER ${quoteName(String(name))} TYPE ${to}`, job.signal);
    const withType = (to: string) => String(type).replaceAll(/\bU?HUGEINT\b/g, to);
    await alter(withType(wholeOf38)).catch(error => {
      if (job.signal.aborted) throw error;
      return alter(withType('VARCHAR'));
    });
  }
}
