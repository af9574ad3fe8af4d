// Writes the answer from an intent and the results of its calls. Pure; every number in it comes from a result.

import type {ToolResult} from '../../core/tool.ts';
import type {DataIntent, Intent} from './intent.ts';
import {wholeTable} from './markdown.ts';
import {phraseColumns} from './phrase-columns.ts';
import {phraseGroups} from './phrase-groups.ts';
import {phraseView} from './phrase-views.ts';
import {planCalls} from './plan.ts';
import {sayIntent, sayReading} from './wording.ts';

export type Success = Extract<ToolResult, {ok: true}>;

/** `results` are in the order of the planned calls. The answer is markdown. */
export function phraseAnswer(intent: Intent, results: ToolResult[]): string {
  if (intent.kind === 'several') return phraseSeveral(intent.intents, results);
  const failed = results.find(result => !result.ok);
  if (failed && !failed.ok)
    return phraseFailure(failed, 'subject' in intent && intent.kind !== 'unclear' ? intent : null);
  const successes = results.filter(result => result.ok);
  if (intent.kind === 'tool')
    return [...successes.map(({summary}) => toldSummary(intent.tool, summary)), intent.note ?? '']
      .filter(Boolean)
      .join('\n\n');
  if (!('subject' in intent) || intent.kind === 'unclear') return phraseResults(successes);
  return `${phraseData(intent, successes)}\n\n${sayReading(intent)}`;
}

/** One answer after the other, each from its own results. */
function phraseSeveral(intents: Extract<Intent, {kind: 'several'}>['intents'], results: ToolResult[]): string {
  let at = 0;
  const answers = intents.map(intent => {
    const end = at + planCalls(intent).length;
    const own = results.slice(at, end);
    at = end;
    return phraseAnswer(intent, own);
  });
  return answers.join('\n\n');
}

/** The last line of a cleaning plan speaks to a model. */
function toldSummary(tool: string, summary: string): string {
  return tool === 'clean_data' ? summary.split('\n').slice(0, -1).join('\n') : summary;
}

export function phraseFailure(failure: Extract<ToolResult, {ok: false}>, intent: DataIntent | null): string {
  const hint = failure.hint ? ` ${failure.hint}` : '';
  const reading = intent ? `\n\n${sayReading(intent)}` : '';
  return `That could not be computed: ${failure.message}${hint}${reading}`;
}

/** What a tool said itself, for results that need no words of ours: SQL typed by the user, imports, lists. */
export function phraseResults(successes: Success[]): string {
  if (successes.length === 0) return 'No result came back, so there is nothing to report.';
  return successes
    .map(({table, summary}) => {
      if (!table) return summary;
      if (table.rows.length === 0) return 'The result has no rows.';
      return wholeTable(table);
    })
    .join('\n\n');
}

function phraseData(intent: DataIntent, results: Success[]): string {
  switch (intent.kind) {
    case 'describe':
    case 'columns':
    case 'column_summary':
      return results.map(({summary}) => summary).join('\n\n');
    case 'chart':
      return phraseChart(intent, results);
    case 'aggregate':
    case 'quantiles':
    case 'trend':
    case 'share':
    case 'compare':
    case 'distinct':
      return phraseGroups(intent, results);
    case 'series':
    case 'typical':
    case 'growth':
      return phraseView(intent, results);
    case 'rank_rows':
    case 'rows':
    case 'distribution':
    case 'correlation':
    case 'missing':
    case 'outliers':
    case 'duplicates':
      return phraseColumns(intent, results);
    default:
      return intent satisfies never;
  }
}

/** What was drawn, and its numbers as the tool gave them; a scatter chart's points are no reading, its correlation is. */
function phraseChart(intent: DataIntent & {kind: 'chart'}, results: Success[]): string {
  const [drawn, pair] = results;
  const {chart} = intent;
  if (!drawn) return 'No chart came back.';
  const isDrawn = drawn.table === undefined || (drawn.artifacts?.length ?? 0) > 0;
  const lead = isDrawn
    ? `Drawn: ${sayIntent(intent)}.`
    : `No chart can be drawn here; these are the numbers of the ${sayIntent(intent)}.`;
  if (chart.mark !== 'scatter')
    return `${lead}\n\n${isDrawn ? drawn.summary.replace(/ ?Add ORDER BY … LIMIT, or aggregate\.$/, '') : phraseResults([drawn])}`;
  const asPair: DataIntent = {
    ...intent,
    kind: 'correlation',
    columns: [chart.x, chart.y],
    target: null,
    method: 'pearson',
  };
  return `${lead}${pair ? ` ${phraseColumns(asPair, [pair])}` : ''}`;
}
