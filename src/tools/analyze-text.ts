// A column of texts as a tool: lengths, terms, n-grams, what sets groups apart, patterns, search.

import {z} from 'zod';
import {analyzeText, type Spread, type TextAnswer} from '../analysis/analyze-text.ts';
import {percent} from '../analysis/semantic-kind.ts';
import type {PatternCount} from '../analysis/text/patterns.ts';
import {type Cell, currentVersion, type Table} from '../core/dataset.ts';
import {clip, formatCount, formatNumber, printable} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import type {Catalog} from './catalog.ts';
import {countsOnly, disclosed, originOf} from './disclose.ts';
import {tableOf} from './result-table.ts';

export function analyzeTextTool(catalog: Catalog): Tool {
  return defineTool({
    name: 'analyze_text',
    description:
      'Text column: lengths, top terms and n-grams, TF-IDF terms by group, emails, URLs, numbers …, regex, search.',
    parallel: true,
    args: z.object({
      dataset: z.string(),
      column: z.string(),
      group: z.string().optional(),
      find: z.string().min(1).optional(),
      regex: z.string().min(1).optional().describe('RE2'),
      ngrams: z.int().min(1).max(5).optional(),
      top: z.int().min(1).max(200).optional(),
      exclude: z.array(z.string()).optional().describe('stop words'),
      where: z.string().min(1).optional(),
    }),
    async run({dataset: name, where, ...asked}, {signal}) {
      const dataset = await catalog.dataset(name);
      const {columns} = currentVersion(dataset);
      const selection = {dataset: dataset.name, where};
      const answer = await analyzeText(await catalog.engine(), selection, {...asked, columns}, signal);
      const source = await catalog.sourceOf([dataset.name], answer.sql.join(';\n'));
      // All but the counts of the first line are texts, or pieces of them.
      const from = originOf(dataset, [asked.column, ...(asked.group === undefined ? [] : [asked.group])]);
      const about = {kind: 'value' as const, from, n: 0};
      const lines = summaryOf(answer).map((line, i) => ({text: line, about: i === 0 ? countsOnly : about}));
      return {ok: true, ...disclosed(lines), table: tableText(answer), source};
    },
  });
}

function summaryOf(answer: TextAnswer): string[] {
  const {column, rows, missing, blank, distinct, vocabulary, characters, words, terms, patterns, regex, found} = answer;
  const texts = rows - missing;
  const lines = [
    `${text(column)}: ${formatCount(texts)} texts${missing > 0 ? `, ${formatCount(missing)} missing` : ''}, ${formatCount(blank)} blank, ${formatCount(distinct)} different.`,
  ];
  if (characters && words)
    lines.push(
      `Characters: ${spreadText(characters)}. Terms: ${spreadText(words)}; ${formatCount(vocabulary)} different terms.`,
    );
  terms.forEach((list, index) => {
    if (list.length === 0) return;
    const shown = list.map(
      ({term, count, texts: inTexts}) => `${quoted(term)} ${formatCount(count)} (${percent(inTexts / texts)})`,
    );
    lines.push(
      `${index === 0 ? 'Terms' : `${index + 1} terms in a row`}, occurrences (share of texts): ${shown.join(', ')}.`,
    );
  });
  lines.push(...groupLines(answer));
  const seen = patterns.filter(each => each.matches > 0);
  lines.push(seen.length === 0 ? 'No emails, URLs, phones, numbers, dates, hashtags or mentions.' : 'Patterns:');
  for (const each of seen) lines.push(patternLine(each, texts));
  if (regex) lines.push(regex.matches === 0 ? 'The regex matches nowhere.' : patternLine(regex, texts));
  if (found) {
    lines.push(
      `${quoted(found.wanted)}, case ignored: ${formatCount(found.occurrences)} times in ${formatCount(found.texts)} texts.`,
    );
    for (const example of found.examples) lines.push(`- … ${text(clip(example, 160))} …`);
  }
  return lines;
}

function groupLines({group, groupTerms, groupCount}: TextAnswer): string[] {
  if (group === null) return [];
  if (groupCount < 2) return [`"${text(group)}" has ${groupCount} values; two are needed to compare.`];
  const lines = [`Terms of each "${text(group)}" (mean TF-IDF, in other texts):`];
  for (const name of new Set(groupTerms.map(each => each.group))) {
    const own = groupTerms.filter(each => each.group === name);
    const shown = own
      .slice(0, 8)
      .map(({term, score, others}) => `${quoted(term)} ${score.toPrecision(3)} (${others.toPrecision(2)})`);
    lines.push(`- ${text(name)}, ${formatCount(own[0]?.texts ?? 0)} texts: ${shown.join(', ')}`);
  }
  return lines;
}

function patternLine({name, matches, texts, most}: PatternCount, all: number): string {
  const values = most.map(({value, count}) => `${quoted(value)} ${formatCount(count)}`);
  return `- ${name}: ${formatCount(matches)} in ${formatCount(texts)} texts (${percent(texts / all)}); most: ${values.join(', ')}`;
}

function spreadText({min, mean, median, max}: Spread): string {
  return `min ${formatNumber(min)}, median ${formatNumber(median)}, mean ${formatNumber(mean)}, max ${formatNumber(max)}`;
}

/** `part` says what a row is of; `count` are occurrences, `texts` those that hold it, `value` a length or a score. */
function tableText(answer: TextAnswer): Table {
  const rows: Cell[][] = [];
  const add = (part: string, group: string, term: string, count: Cell, texts: Cell, value: Cell) =>
    rows.push([part, group, term, count, texts, value]);
  for (const name of ['rows', 'missing', 'blank', 'distinct', 'vocabulary'] as const)
    add('overview', '', name, null, null, answer[name]);
  for (const part of ['characters', 'words'] as const)
    for (const [name, value] of Object.entries(answer[part] ?? {})) add(part, '', name, null, null, value);
  answer.terms.forEach((list, index) => {
    for (const {term, count, texts} of list) add(`${index + 1}-gram`, '', term, count, texts, null);
  });
  for (const {group, texts, term, score, others} of answer.groupTerms) {
    add('tfidf', group, term, null, texts, score);
    add('tfidf_others', group, term, null, null, others);
  }
  for (const {name, matches, texts, most} of [...answer.patterns, ...(answer.regex ? [answer.regex] : [])]) {
    add('pattern', '', name, matches, texts, null);
    for (const {value, count} of most) add('match', name, value, count, null, null);
  }
  if (answer.found) add('found', '', answer.found.wanted, answer.found.occurrences, answer.found.texts, null);
  const kinds = {part: 'text', group: 'text', term: 'text', count: 'number', texts: 'number', value: 'number'} as const;
  return tableOf(kinds, rows);
}

function quoted(value: string): string {
  return `"${text(clip(value, 60))}"`;
}

function text(value: string): string {
  return printable(value, {oneLine: true});
}
