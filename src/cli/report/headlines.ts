// What a result comes to in one sentence, for the summary of a report: its outcome first, how it was found afterwards.

import {chartWords, firstLine, type Result, summaryBlocks, withoutData} from './result-blocks.ts';
import {shortFigures} from './short-figures.ts';

type Headline = (result: Result, lines: readonly string[]) => string | undefined;

/** A tool that is not here is told by the first sentence of its result. */
const headlines: Readonly<Record<string, Headline>> = {
  draw_chart: chartHeadline,
  correlate: pairHeadline,
  test_hypothesis: testHeadline,
  cluster: groupsHeadline,
  forecast: forecastHeadline,
  explain_model: explainHeadline,
  evaluate_model: evaluationHeadline,
  train_model: trainingHeadline,
};

/** Null where the result says nothing that a summary needs. Every figure stands in the result, at most shortened. */
export function headlineOf(result: Result): string | null {
  const lines = result.summary.split('\n');
  const own = Object.hasOwn(headlines, result.receipt.tool) ? headlines[result.receipt.tool] : undefined;
  const text = own
    ? own(result, lines)
    : lines.map(withoutData).find(line => line.trim() !== '' && !line.startsWith('|'));
  return text ? shortFigures(text) : null;
}

/** Of a line its ends and extremes, of bars and boxes the highest and the lowest; other charts speak for themselves. */
function chartHeadline(result: Result): string | undefined {
  const [, facts] =
    /^(?:Line chart|Bar chart|Box plot): [^;]+; (.*?)\. (?:n = )?[\d,]+[^.]*\.?$/.exec(chartWords(result)) ?? [];
  return facts
    ?.split('; ')
    .filter(fact => !fact.includes('beyond the whiskers'))
    .join('; ');
}

const level = 0.05;

function pairHeadline(_: Result, lines: readonly string[]): string | undefined {
  const strongest = lines.find(line => line.startsWith('- '))?.slice(2);
  const [, first, second, figures] = /^(.+) ~ (.+): (\w+ -?[\d.].*)$/.exec(strongest ?? '') ?? [];
  if (first === undefined || figures === undefined) return strongest;
  const p = Number(/adjusted p [=<>] ([\d.e-]+)/.exec(figures)?.[1] ?? Number.NaN);
  const told = figures.replace(/, p [=<>] [\d.e-]+(?=, adjusted)/, '');
  return p > level
    ? `no pair goes together beyond chance; the strongest is ${first} and ${second} (${told})`
    : `most of all ${first} and ${second} (${told})`;
}

function testHeadline(result: Result, lines: readonly string[]): string | undefined {
  const [, test, figures, verdict] =
    /^(.+?): (.+?); n = [^;]+; (significant at the 5 % level|no evidence of a difference or relation at the 5 % level)\.$/.exec(
      lines[0] ?? '',
    ) ?? [];
  if (test === undefined || figures === undefined || verdict === undefined) return lines[0];
  const how = `${test}: ${figures}`;
  if (!verdict.startsWith('significant')) return `${verdict} (${how})`;
  return [`${verdict} (${how})`, ...meansOf(result)].join('; ');
}

/** The samples with the highest and the lowest mean, where the test compared means or medians of several. */
function meansOf({summary, receipt}: Result): string[] {
  const found = summaryBlocks(summary, {kind: 'result', id: receipt.id}, '').find(({type}) => type === 'table');
  if (found?.type !== 'table') return [];
  const at = (name: string) => found.table.columns.findIndex(column => column.name === name);
  const [name, mean] = [at('sample'), at('mean')];
  if (name < 0 || mean < 0 || found.table.rows.length < 2) return [];
  const rows = found.table.rows.toSorted((a, b) => numberOf(b[mean]) - numberOf(a[mean]));
  if (rows.some(row => !Number.isFinite(numberOf(row[mean])))) return [];
  const [most, least] = [rows[0], rows.at(-1)];
  return most && least
    ? [`mean highest in ${most[name]} (${most[mean]}), lowest in ${least[name]} (${least[mean]})`]
    : [];
}

function numberOf(cell: unknown): number {
  return Number(String(cell ?? '').replaceAll(',', ''));
}

/** Groups with how far apart they are, or how many rows are unusual and the most unusual of them. */
function groupsHeadline(_: Result, lines: readonly string[]): string | undefined {
  const above = lines.find(line => /rows? ha(?:s|ve) a score above/.test(line));
  if (above !== undefined) {
    const first = lines[lines.indexOf(above) + 1];
    return `${above.split('. ')[0]}${first === undefined ? '' : `; the most unusual is ${first}`}`;
  }
  const head = withoutData(lines[0] ?? '').replace(/, each scaled to mean 0 and sd 1\.?$/, '');
  const apart = lines.find(line => line.startsWith('Mean silhouette'));
  return [head.replace(/\.$/, ''), ...(apart ? [apart.replace(/ Inertia .*$/, '').replace(/^M/, 'm')] : [])].join('; ');
}

function forecastHeadline(result: Result, lines: readonly string[]): string | undefined {
  const blocks = summaryBlocks(result.summary, {kind: 'result', id: result.receipt.id}, '');
  const table = blocks.findLast(({type}) => type === 'table');
  const how = lines.find(line => /so it is the forecast|^(?:Forecast|Chosen|Best)\b/.test(line))?.replace(/^N/, 'n');
  if (table?.type !== 'table' || table.table.columns[1]?.name !== 'forecast') return how ?? withoutData(lines[0] ?? '');
  const rows = table.table.rows;
  const told = (row: (typeof rows)[number]) => `${row[1]} at ${row[0]} (${row[2]} to ${row[3]})`;
  const highest = rows.toSorted((a, b) => numberOf(b[1]) - numberOf(a[1]))[0];
  const [next, last] = [rows[0], rows.at(-1)];
  if (!next || !last || !highest) return how;
  const ends = [
    `next ${told(next)}`,
    ...(highest === next || highest === last ? [] : [`highest ${told(highest)}`]),
    ...(last === next ? [] : [`last ${told(last)}`]),
  ];
  return [...ends, ...(how ? [how.split('. ')[0]?.replace(/\.$/, '') ?? ''] : [])].join('; ');
}

function explainHeadline(result: Result, lines: readonly string[]): string | undefined {
  const blocks = summaryBlocks(result.summary, {kind: 'result', id: result.receipt.id}, '');
  const table = blocks.find(({type}) => type === 'table');
  if (table?.type !== 'table' || table.table.columns[1]?.name !== 'importance') return lines[0];
  const target = /which predicts ([^,]+), on/.exec(lines[0] ?? '')?.[1];
  const measure = /^Permutation importance: (rise of [^;]+?) when/m.exec(result.summary)?.[1];
  const top = table.table.rows.slice(0, 3).map(row => `${row[0]} (${row[1]})`);
  return `the model of ${target ?? 'the target'} looks most at ${listed(top)}${measure ? `, by the ${measure} when a column is shuffled` : ''}`;
}

function evaluationHeadline(result: Result, lines: readonly string[]): string | undefined {
  const flattered = lines.find(line => line.startsWith('The model was fitted on these very rows'));
  const held = /On ([\d,]+ rows?) held out while training it had (.*)\.$/.exec(flattered ?? '');
  if (held) return `on ${held[1]} held out while training ${held[2]} (on the rows of the fit it looks better)`;
  return firstLine(result.summary);
}

/** The best model beside the baseline, by the measure that chose it and the one that people know best. */
export function trainingHeadline(result: Result, lines: readonly string[]): string | undefined {
  const target = /\. Target (.+?), (?:a number|one of)/.exec(lines[0] ?? '')?.[1];
  const outcome = lines.find(line => /^(?:Best: |No candidate|No column)/.test(line));
  const found = /^On ([\d,]+ rows?) held out from the choice: (.*?); baseline: (.*?)\.$/m.exec(result.summary);
  if (!outcome || !found) return outcome;
  const [ours, theirs] = [found[2], found[3]].map(each => measuresOf(each ?? ''));
  const names = [...(ours?.keys() ?? [])];
  const known = ['roc_auc', 'r2', 'accuracy'].find(name => names.includes(name) && name !== names[0]);
  const told = [names[0], known].flatMap(name =>
    name === undefined ? [] : [`${name} ${ours?.get(name)} (baseline ${theirs?.get(name) ?? '–'})`],
  );
  const best = /^Best: (.*)\.$/.exec(outcome)?.[1];
  if (best === undefined) return `${target}: ${outcome}`;
  const [first] = names;
  const better = numberOf(ours?.get(first ?? '')) < numberOf(theirs?.get(first ?? ''));
  const verdict = better ? 'better than the baseline' : 'not better than the baseline, so do not rely on it';
  // "log_ridge, learnt on log(price), predicts …"
  return `${best}${best.includes(', ') ? ',' : ''} predicts ${target} ${verdict}: on ${found[1]} held out ${told.join(', ')}`;
}

/** "rmse 1.2, r2 0.3" by name. */
function measuresOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/(\w+) (-?[\d.,]*\d(?:e[-+]?\d+)?)/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function listed(parts: readonly string[]): string {
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? '');
}
