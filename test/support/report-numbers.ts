// Reads a report as a stranger would: every number in its HTML, and every number that its session and data hold. Shares
// nothing with the program, so that the two can disagree.

import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** `from` is what the page names as the source of the text around the number; `where` is the kind of block. */
export type Printed = {text: string; from: string; where: 'table' | 'text'; around: string};

/** Numbers by their source: `result:3`, `dataset:sales`, `asked`. */
export type KnownNumbers = Map<string, number[]>;

const number = /(?<![\p{L}\p{N}_.#-])[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?(?![\p{L}\p{N}_])/gu;

/** Without the appendix, headings of sections, references (#3), dates and hashes, which are no findings. */
export function numbersOfReport(html: string): Printed[] {
  const main = /<main>([\s\S]*)<\/main>/.exec(html)?.[1] ?? '';
  const body = main
    .replace(/<section aria-labelledby="receipts">[\s\S]*/, '')
    .replaceAll(/<img [^>]*>|<pre[\s\S]*?<\/pre>/g, '');
  const found: Printed[] = [];
  const open: string[] = [];
  let tables = 0;
  for (const [, closing, tag = '', attributes = '', text = ''] of body.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>([^<]*)/g)) {
    const isVoid = ['br', 'img', 'meta'].includes(tag);
    if (closing) open.pop();
    else if (!isVoid) open.push(/data-from="([^"]*)"/.exec(attributes)?.[1] ?? '');
    if (tag === 'table') tables += closing ? -1 : 1;
    const plain = text
      .replaceAll('&lt;', '<')
      .replaceAll(/\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2})?)?/g, ' ')
      .replaceAll(/[0-9a-f]{64}/g, ' ')
      .replaceAll(/\bv\d+\b|#\d+|\/[a-z]+\S*/g, ' ')
      // Customs of statistics: the level of an interval or a test.
      .replaceAll(/\b95 %(?= (?:confidence|interval|CI))|Intervals are 95 %|at the 5 % level|p < 0\.05|1\.5 IQR/g, ' ');
    const from = open.findLast(each => each !== '') ?? '';
    for (const [token] of plain.matchAll(number))
      found.push({text: token, from, where: tables > 0 ? 'table' : 'text', around: plain.trim().slice(0, 100)});
  }
  return found;
}

export function numbersOfSession(session: string, data: string): KnownNumbers {
  const known: KnownNumbers = new Map([
    ['report', []],
    ['', []],
  ]);
  const add = (source: string, values: readonly number[]) =>
    known.set(source, [...(known.get(source) ?? []), ...values]);
  for (const line of readFileSync(session, 'utf8').split('\n').filter(Boolean)) {
    const event = JSON.parse(line);
    if (event.type === 'prompt') add('asked', numbersIn(event.text));
    if (event.type === 'command_result') add('asked', numbersIn(event.line));
    if (event.type === 'tool_end' && event.result.ok)
      add(`result:${event.result.receipt.id}`, numbersIn(JSON.stringify(event.result)));
  }
  for (const name of readdirSync(data))
    for (const file of readdirSync(join(data, name)).filter(each => each.endsWith('.json'))) {
      const manifest = JSON.parse(readFileSync(join(data, name, file), 'utf8'));
      add(`dataset:${name}`, [...numbersIn(JSON.stringify(manifest)), manifest.columns?.length ?? 0]);
    }
  return known;
}

function numbersIn(text: string): number[] {
  return [...text.matchAll(/[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?/g)].flatMap(([token]) => {
    const plain = Number(token.replaceAll(',', '').replace('−', '-'));
    return [plain, ...token.split(',').map(Number)].filter(Number.isFinite);
  });
}

/** Those that no number of their source rounds to. */
export function unsourced(found: readonly Printed[], known: KnownNumbers): Printed[] {
  return found.filter(({text, from}) => {
    const plain = text.replaceAll(',', '').replace('−', '-');
    const value = Number(plain);
    const [mantissa = '', exponent = '0'] = plain.split('e');
    const unit = 10 ** (Number(exponent) - (mantissa.split('.')[1]?.length ?? 0));
    const values = from.split(' ').flatMap(source => known.get(source) ?? []);
    // A table shows six digits of what may have more before the point.
    const reach = Math.max(unit / 2, Math.abs(value) * 5e-7) * (1 + 1e-9);
    return !values.some(each => Math.abs(each - value) <= reach);
  });
}
