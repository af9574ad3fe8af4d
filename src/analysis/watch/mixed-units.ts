// Figures over values that are not of one kind: several currencies, units or time zones in one column or one sum.

import {type Column, currentVersion, type Dataset} from '../../core/dataset.ts';
import {formatCount, printable} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {Check, Finding, Subject} from './check.ts';
import {quantitiesIn} from './quantities.ts';
import {aggregatesIn, columnsIn, functionName, listOf, type Node, nodesHere} from './select.ts';

export const mixedUnits: Check = {
  code: 'mixed_units',
  advice:
    'Values in different units, currencies or time zones cannot be added, averaged or compared as they are. Group or filter by the unit, or convert first and say at which rate; bring times to one zone before cutting them into days or hours.',
  async run(subject) {
    const {select, datasets} = subject;
    if (!select) return inArguments(subject);
    const used = new Set(columnsIn(select.select).map(({name}) => name.toLowerCase()));
    const found: Finding[] = [];
    for (const node of select.selects) {
      found.push(...besideUnitColumn(node, {datasets, used}));
      found.push(...inOneSum(node, datasets));
    }
    for (const dataset of datasets)
      for (const column of currentVersion(dataset).columns)
        if (column.kind === 'text' && used.has(column.name.toLowerCase()) && isConverted(select.selects, column.name))
          found.push(...(await inOneColumn(subject, dataset.name, column)));
    const seen = new Set<string>();
    return found.filter(({message}) => !seen.has(message) && seen.add(message));
  },
};

const companions = [
  {
    unit: /(^|_)(currency|currency_?code|ccy|iso_currency)$/i,
    quantity:
      /amount|price|cost|revenue|total|sales|salary|wage|fee|budget|profit|income|value|balance|payment|spend|charge|turnover/i,
  },
  {
    unit: /(^|_)(unit|units|uom|unit_of_measure|measure_?unit)$/i,
    quantity:
      /amount|quantity|qty|value|weight|length|height|width|distance|volume|dose|reading|result|measurement|level|concentration|size|temperature/i,
  },
] as const;

const zoneName = /(^|_)(tz|time_?zone|timezone_name|utc_offset)$/i;
const timeParts = new Set(
  'hour date_trunc date_part day dayofweek weekday isodow time_bucket minute strftime'.split(' '),
);

/** A column that names the unit of another one stands in the data, holds several, and the statement does not use it. */
function besideUnitColumn(
  node: Node,
  {datasets, used}: {datasets: readonly Dataset[]; used: ReadonlySet<string>},
): Finding[] {
  const [only] = datasets;
  if (!only || datasets.length > 1) return [];
  const {columns} = currentVersion(only);
  const idle = (pattern: RegExp) =>
    columns.filter(column => pattern.test(column.name) && hasSeveral(column) && !used.has(column.name.toLowerCase()));
  const found: Finding[] = [];
  for (const {unit, quantity} of companions) {
    const [named] = idle(unit);
    if (!named) continue;
    const summed = aggregatesIn(node.select_list)
      .filter(
        ({kind, name}) =>
          name !== 'count' && name !== 'count_star' && (kind !== 'other' || name === 'min' || name === 'max'),
      )
      .flatMap(each => columnsIn(each.node.children).map(({name}) => ({name, by: each.name})))
      .find(({name}) => quantity.test(name));
    if (summed)
      found.push({
        severity: 'warn',
        message: `${summed.by}(${text(summed.name)}) mixes ${named.distinctCount} values of ${text(named.name)}${examples(named)}.`,
      });
  }
  const [zone] = idle(zoneName);
  const isCut = [...nodesHere([node.select_list, node.where_clause, node.group_expressions])].some(each =>
    timeParts.has(functionName(each) ?? ''),
  );
  if (zone && isCut)
    found.push({
      severity: 'warn',
      message: `Times were cut into days or hours without ${text(zone.name)}, which has ${zone.distinctCount} values${examples(zone)}.`,
    });
  return found;
}

/** A tool that takes a column as a quantity, without the column that names its unit. */
function inArguments({receipt, datasets: [only]}: Subject): Finding[] {
  if (!only) return [];
  const {columns} = currentVersion(only);
  const quantities = quantitiesIn(receipt);
  const words = JSON.stringify(receipt.args).toLowerCase();
  return companions.flatMap(({unit, quantity}): Finding[] => {
    const named = columns.find(column => unit.test(column.name) && hasSeveral(column));
    const taken = quantities.find(name => quantity.test(name));
    if (!named || !taken || words.includes(named.name.toLowerCase())) return [];
    const message = `${text(taken)} is used as a quantity, and it mixes ${named.distinctCount} values of ${text(named.name)}${examples(named)}.`;
    return [{severity: 'warn', message}];
  });
}

function hasSeveral({kind, distinctCount}: Column): boolean {
  return kind === 'text' && distinctCount >= 2 && distinctCount <= 60;
}

/** Columns whose import notes name different units are added, subtracted or compared with each other. */
function inOneSum(node: Node, datasets: readonly Dataset[]): Finding[] {
  const unitOf = (name: string): string | null => {
    const columns = datasets.flatMap(each => currentVersion(each).columns);
    const column = columns.find(each => each.name.toLowerCase() === name.toLowerCase());
    if (column?.type === 'TIMESTAMP WITH TIME ZONE') return 'time with a zone';
    if (column?.type === 'TIMESTAMP') return 'time without a zone';
    return column?.notes.flatMap(note => /^unit: (\S+)/.exec(note)?.[1] ?? [])[0] ?? null;
  };
  for (const each of nodesHere([node.select_list, node.where_clause])) {
    const name = functionName(each);
    const sides =
      name === '+' || name === '-' || name === 'date_diff' || name === 'datediff'
        ? listOf(each.children)
        : each.class === 'COMPARISON'
          ? [each.left, each.right]
          : [];
    const units = sides.flatMap(side => {
      const [column, ...more] = columnsIn(side);
      const unit = column && more.length === 0 ? unitOf(column.name) : null;
      return column && unit ? [{column: column.name, unit}] : [];
    });
    const [a, b] = units.slice(-2);
    if (a && b && a.unit !== b.unit)
      return [
        {
          severity: 'warn',
          message: `${text(a.column)} (${text(a.unit)}) and ${text(b.column)} (${text(b.unit)}) are put together.`,
        },
      ];
  }
  return [];
}

/** True where a statement makes numbers or times from the column's text. */
function isConverted(selects: readonly Node[], name: string): boolean {
  return [...nodesHere(selects)].some(node => {
    const reads = columnsIn(node).some(each => each.name.toLowerCase() === name.toLowerCase());
    if (!reads) return false;
    if (node.class === 'CAST')
      return /INT|DOUBLE|FLOAT|DECIMAL|NUMERIC|TIMESTAMP|DATE/.test(JSON.stringify(node.cast_type));
    return functionName(node) === 'strptime' || functionName(node) === 'try_strptime';
  });
}

/** The units or offsets that end the texts of a column, when there is more than one. */
async function inOneColumn({rows}: Subject, dataset: string, {name}: Column): Promise<Finding[]> {
  const column = `trim(${quoteName(name)})`;
  const isNumber = `regexp_matches(${column}, '^[^0-9]{0,3}[-+]?[0-9][0-9.,]*\\s*[^0-9\\s]{0,12}$')`;
  const isTime = `regexp_matches(${column}, '^\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d')`;
  const unit = `CASE WHEN ${isTime} THEN coalesce(nullif(regexp_extract(${column}, '(Z|[+-]\\d\\d:?\\d\\d)$'), ''), 'no zone')
    WHEN ${isNumber} THEN lower(regexp_replace(${column}, '[-+0-9.,\\s]', '', 'g')) END`;
  const counts = await rows(
    `SELECT unit, count(*) AS n FROM (SELECT ${unit} AS unit FROM ${quoteName(dataset)}) WHERE unit IS NOT NULL GROUP BY unit ORDER BY n DESC, unit LIMIT 6`,
  );
  const units = counts.filter(([each]) => each !== '');
  if (units.length < 2) return [];
  const list = units.slice(0, 4).map(([each, n]) => `${text(String(each))} in ${formatCount(Number(n))}`);
  return [{severity: 'warn', message: `${text(name)} mixes units or time zones: ${list.join(', ')} rows.`}];
}

function examples({topValues}: Column): string {
  const shown = topValues.slice(0, 3).map(text).join(', ');
  return shown === '' ? '' : ` (${shown}${topValues.length > 3 ? ', …' : ''})`;
}

function text(name: string): string {
  return printable(name, {oneLine: true});
}
