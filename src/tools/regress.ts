// Regression for understanding as a tool: what each feature does, how sure that is, and what speaks against the fit.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {formatP} from '../analysis/hypothesis/sentence.ts';
import type {Prediction, Regression} from '../analysis/regress.ts';
import {type Cell, currentVersion, type Table} from '../core/dataset.ts';
import {counted, formatCell, formatCount, formatNumber, printable} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {renderMarkdownTable} from '../render/table.ts';
import {analyse} from './analysing/analyse.ts';
import type {Catalog} from './catalog.ts';
import {disclosed, originOf} from './disclose.ts';
import {tableOf} from './result-table.ts';

export function regress(catalog: Catalog): Tool {
  return defineTool({
    name: 'regress',
    description: 'Explain target by features (categories are coded): coefficients, intervals, fit, VIF, diagnostics.',
    parallel: true,
    args: z.object({
      dataset: z.string(),
      target: z.string(),
      features: z.array(z.string()).min(1).describe('or a^2, a:b, a*b'),
      family: z.enum(['linear', 'logistic']),
      robust: z.boolean().optional().describe('HC3 errors'),
      cluster: z.string().optional(),
      at: z.array(z.string()).optional().describe('predict at "x=3"'),
      where: z.string().min(1).optional(),
    }),
    async run({dataset: name, where, ...asked}, {signal}) {
      const dataset = await catalog.dataset(name);
      const {columns} = currentVersion(dataset);
      const reader = createReader(await catalog.engine(), signal);
      const selection = {dataset: dataset.name, where};
      const request = {...asked, columns};
      const found = await analyse('regression', {selection, request}, {reader, dataset, signal});
      const rows = rowsOf(found);
      const kinds = {
        term: 'text',
        coefficient: 'number',
        std_error: 'number',
        statistic: 'number',
        p: 'number',
      } as const;
      const ratio = found.family === 'logistic' ? ({odds_ratio: 'number'} as const) : {};
      const table = tableOf({...kinds, low: 'number', high: 'number', vif: 'number', ...ratio}, rows);
      const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
      const from = originOf(dataset, [asked.target, ...asked.features]);
      const about = {kind: 'statistic' as const, from, n: found.fit.n};
      // Notes and the terms of categories name values of the data, of which it is not known how many rows have them.
      const coded = {kind: 'value' as const, from, n: 0};
      const isPlain = (name: Cell) => name === rows[0]?.[0] || asked.features.includes(String(name));
      const plain = {...table, rows: rows.filter(([name]) => isPlain(name ?? null))};
      const lines = [
        ...fitLines(found, asked.target).map((line, i) => ({
          text: line,
          about: i === 0 && found.family === 'linear' ? about : coded,
        })),
        {
          text: renderMarkdownTable(withShortP(table), {maxRows: 60}),
          about: plain.rows.length === rows.length ? about : coded,
        },
      ];
      return {ok: true, ...disclosed(lines), table, source};
    },
  });
}

/** As p is written everywhere: three digits at most, and never 0, which no p is. */
function withShortP(table: Table): Table {
  const at = table.columns.findIndex(({name}) => name === 'p');
  const short = (cell: Cell) => (typeof cell === 'number' ? formatP(cell).replace(/^p (?:= )?/, '') : cell);
  return {...table, rows: table.rows.map(row => row.map((cell, k) => (k === at ? short(cell) : cell)))};
}

function rowsOf({fit, vif, family, prediction}: Regression): Cell[][] {
  const rows = fit.coefficients.map((each, index): Cell[] => {
    const {name, value, standardError, p, low, high} = each;
    const statistic = 't' in each ? each.t : each.z;
    const inflation = index === 0 ? null : orNull(vif[index - 1] ?? Number.NaN);
    const numbers = [value, standardError, statistic, p, low, high].map(orNull);
    return [name, ...numbers, inflation, ...(family === 'logistic' ? [orNull(Math.exp(value))] : [])];
  });
  if (!prediction) return rows;
  const {mean, low, high} = prediction;
  return [...rows, ['predicted', mean, null, null, null, low, high, null, ...(family === 'logistic' ? [null] : [])]];
}

function fitLines(found: Regression, target: string): string[] {
  const {n, dropped} = found.fit;
  const counts = `n = ${formatCount(n)}${dropped > 0 ? `, ${counted(dropped, 'row')} with a missing value left out` : ', no rows left out'}`;
  const lines = found.family === 'linear' ? linearLines(found) : logisticLines(found, target);
  lines.push(...additionLines(found));
  const high = found.fit.coefficients.slice(1).filter((_, index) => (found.vif[index] ?? 0) > 10);
  if (high.length > 0)
    lines.push(
      `VIF above 10: ${high.map(({name}) => text(name)).join(', ')}; hard to tell apart from the other features.`,
    );
  if (found.prediction) lines.push(predictionLine(found.prediction));
  for (const note of found.notes) lines.push(`${text(note)}.`);
  return [`${lines[0]}; ${counts}.`, ...lines.slice(1), 'Intervals (low, high) are 95 %.'];
}

const mostAdditions = 6;

/** What each feature brings beside the others; of a single one the fit has said it all. */
function additionLines({additions, family}: Regression): string[] {
  const known = additions.filter(({value}) => Number.isFinite(value));
  if (known.length < 2) return [];
  const shown = known.slice(0, mostAdditions);
  const said = shown.map(({name, df, value}) =>
    family === 'linear' ? `${text(name)} ${formatNumber(value)}` : `${text(name)} ${formatNumber(value)} (df ${df})`,
  );
  const rest = known.length - shown.length;
  const more = rest > 0 ? `; ${rest === 1 ? 'the last one' : `the other ${formatCount(rest)}`} less` : '';
  return [
    `${family === 'linear' ? 'What each adds to the R² of all others' : 'Wald χ² of each beside all others'}: ${said.join(', ')}${more}.`,
  ];
}

function predictionLine({settings, mean, low, high, nextLow, nextHigh}: Prediction): string {
  const next =
    nextLow === null || nextHigh === null
      ? ''
      : `; a single new row [${formatNumber(nextLow)}, ${formatNumber(nextHigh)}]`;
  return `At ${settings.map(text).join(', ')}, the rest at their means: ${formatNumber(mean)} [${formatNumber(low)}, ${formatNumber(high)}]${next}.`;
}

function linearLines({fit, diagnostics}: Extract<Regression, {family: 'linear'}>): string[] {
  const {r2, adjustedR2, f, fP, df, coefficients, residualStdError, errors, clusters} = fit;
  const {durbinWatson, breuschPagan} = diagnostics;
  const lines = [
    `Linear regression, ${errors} errors${clusters === null ? '' : ` (${formatCount(clusters)} clusters)`}: R² ${formatNumber(r2)}, adjusted ${formatNumber(adjustedR2)}, F(${coefficients.length - 1}, ${df}) = ${formatNumber(f)}, ${formatP(fP)}, residual sd ${formatNumber(residualStdError)}`,
    `Durbin-Watson (row order) ${formatNumber(durbinWatson)}; Breusch-Pagan ${breuschPagan ? `${formatNumber(breuschPagan.statistic)}, df = ${breuschPagan.df}, ${formatP(breuschPagan.p)}` : 'not defined'}.`,
  ];
  if (breuschPagan && breuschPagan.p < 0.05 && errors === 'classical')
    lines.push('The variance of the residuals is not equal: robust errors (robust: true) are safer.');
  return lines;
}

function logisticLines({fit, positive}: Extract<Regression, {family: 'logistic'}>, target: string): string[] {
  const {pseudoR2, likelihoodRatio, likelihoodRatioP, positives, coefficients} = fit;
  return [
    `Logistic regression, not penalised, of ${text(target)} = ${formatCell(positive)} (${counted(positives, 'row')}): McFadden R² ${formatNumber(pseudoR2)}, likelihood ratio ${formatNumber(likelihoodRatio)}, df = ${coefficients.length - 1}, ${formatP(likelihoodRatioP)}`,
    'Coefficients are log-odds; odds_ratio is exp(coefficient).',
  ];
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function text(name: string): string {
  return printable(name, {oneLine: true});
}
