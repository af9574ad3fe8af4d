// `ds-agent validate`: checks datasets against a file of rules, for pipelines: the exit code says whether they hold.

import {readFile} from 'node:fs/promises';
import {parse} from 'yaml';
import {checkRule, type RuleResult} from '../analysis/rules/check-rules.ts';
import {parseRules, type RulesFile} from '../analysis/rules/rules.ts';
import type {Cell} from '../core/dataset.ts';
import {ConfigError, exitCodes, UsageError} from '../core/errors.ts';
import {EventStream} from '../core/events.ts';
import {clip, formatCell, formatCount, printable} from '../core/text.ts';
import {openQueryEngine} from '../engine/duckdb.ts';
import {importFile} from '../import/import-file.ts';
import {type Catalog, createCatalog} from '../tools/catalog.ts';
import {openWorkspace} from '../workspace/workspace.ts';
import type {DatasetContext} from './dataset-commands.ts';
import {jsonText} from './json-result.ts';
import type {ValidationJson} from './validate-json.ts';

const mostRulesBytes = 1024 * 1024;

/**
 * Gives 0 when every rule holds, 9 when one of severity error is broken or can't be checked, 10 when only warnings are and
 * --fail-on asks for it. @throws ConfigError `rules.unreadable`, `rules.invalid`
 */
export async function runValidate(file: string, context: DatasetContext): Promise<number> {
  const {config, shared, output, clock, signal} = context;
  const rules = await readRules(file);
  const workspace = await openWorkspace(config.workspace, {
    clock,
    readOnly: true,
    onWarning: message => output.err(`Warning: ${printable(message)}`),
  });
  const memory = config.memoryLimitBytes === null ? {} : {memoryLimitBytes: config.memoryLimitBytes};
  const {spillDirectory} = workspace;
  const catalog = createCatalog(workspace, () =>
    openQueryEngine({dataDirectory: workspace.path('data'), spillDirectory, ...memory}),
  );
  try {
    const imported: string[] = [];
    const {emit} = new EventStream(clock);
    for (const path of shared.dataFiles) {
      const {dataset} = await importFile({path, limitBytes: config.uploadLimitBytes}, {workspace, signal, emit, clock});
      imported.push(dataset.name);
    }
    const byDefault = await defaultDataset(catalog, rules, shared.dataset ?? imported.at(-1) ?? null);
    const deps = {engine: await catalog.engine(), dataset: catalog.dataset, now: clock.now(), signal};
    const results: RuleResult[] = [];
    for (const rule of rules.rules) {
      const result = await checkRule(rule, rule.dataset ?? byDefault, deps);
      results.push(result);
      if (shared.format === 'text') await output.out(linesOf(result));
    }
    const failed = count(results, 'error');
    const warned = count(results, 'warn');
    if (shared.format === 'text') await output.out(`${lastLine(results.length, failed, warned)}\n`);
    else await output.out(jsonText(jsonOf(file, results, failed, warned)));
    if (failed > 0) return exitCodes.tool;
    return warned > 0 && shared.failOn !== null ? exitCodes.caution : exitCodes.answered;
  } finally {
    catalog.close();
  }
}

async function readRules(file: string): Promise<RulesFile> {
  const shown = printable(file, {oneLine: true});
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError('rules.unreadable', `The rules file ${shown} can't be read.`, {cause: error});
  }
  if (text.length > mostRulesBytes)
    throw new ConfigError(
      'rules.invalid',
      `${shown} has ${formatCount(text.length)} characters; that is no rules file.`,
    );
  const parsed = parseRules(contentOf(text, shown));
  if ('rules' in parsed) return parsed.rules;
  const {problems} = parsed;
  throw new ConfigError(
    'rules.invalid',
    [
      `${shown} has ${problems.length} problem${problems.length === 1 ? '' : 's'}:`,
      ...problems.map(each => `  ${printable(each, {oneLine: true})}`),
    ].join('\n'),
    {hint: 'The README shows every check with its fields.'},
  );
}

/** What the text says; JSON is YAML too. */
function contentOf(text: string, shown: string): unknown {
  try {
    return parse(text, {maxAliasCount: 100});
  } catch (error) {
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : [];
    const said = printable(reason.replace(/:$/, ''), {oneLine: true});
    throw new ConfigError('rules.invalid', `${shown} is neither YAML nor JSON: ${said}.`, {cause: error});
  }
}

/** The dataset of rules that name none: the one of --dataset or --data, of the file, or the only one there is. */
async function defaultDataset(catalog: Catalog, rules: RulesFile, named: string | null): Promise<string> {
  const chosen = named ?? rules.dataset ?? (await catalog.active());
  if (chosen !== undefined) return chosen;
  if (rules.rules.every(rule => rule.dataset !== undefined)) return '';
  throw new UsageError('usage.no_dataset', 'There is no dataset to check.', {
    hint: 'Give one: ds-agent validate rules.yaml --data FILE',
  });
}

function count(results: readonly RuleResult[], severity: 'error' | 'warn'): number {
  return results.filter(({status, rule}) => status !== 'passed' && rule.severity === severity).length;
}

function linesOf({status, rule, dataset, title, detail, examples, problem}: RuleResult): string {
  const mark = status === 'passed' ? 'ok  ' : rule.severity === 'warn' ? 'warn' : 'FAIL';
  const said = problem ? `not checked: ${detail}${problem.hint ? ` ${problem.hint}` : ''}` : detail;
  const lines = [`${mark}  ${dataset}  ${title}  ${said}`];
  const shown = examples.map(example =>
    Object.entries(example)
      .slice(0, 6)
      .map(([name, cell]) => `${name} ${clip(formatCell(cell), 40)}`)
      .join(', '),
  );
  if (shown.length > 0) lines.push(`      such as ${shown.slice(0, 3).join('; ')}`);
  return `${lines.map(line => printable(line, {oneLine: true})).join('\n')}\n`;
}

function lastLine(all: number, failed: number, warned: number): string {
  const broken = [
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(warned > 0 ? [`${formatCount(warned)} warned`] : []),
  ];
  const rules = `${formatCount(all)} rule${all === 1 ? '' : 's'}`;
  return broken.length === 0 ? `${rules}, all hold.` : `${rules}: ${broken.join(', ')}.`;
}

function jsonOf(file: string, results: readonly RuleResult[], failed: number, warned: number): ValidationJson {
  return {
    schema_version: 1,
    status: failed > 0 ? 'failed' : warned > 0 ? 'warned' : 'passed',
    file,
    rules: results.length,
    failed,
    warned,
    results: results.map(({rule, dataset, title, status, failing, rows, detail, examples, problem, sql}) => {
      const {severity, check} = rule;
      const cells = examples.map(plainCells);
      return {dataset, title, check, severity, status, failing, rows, detail, examples: cells, error: problem, sql};
    }),
  };
}

function plainCells(example: Record<string, Cell>): Record<string, Exclude<Cell, bigint>> {
  return Object.fromEntries(
    Object.entries(example).map(([name, cell]) => [name, typeof cell === 'bigint' ? cell.toString() : cell]),
  );
}
