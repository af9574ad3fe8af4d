// /privacy and /wire: what may go to a model, what went, and the request itself.

import {writeFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {currentVersion} from '../../core/dataset.ts';
import {UsageError} from '../../core/errors.ts';
import {isMeant, isPrivacyLevel, type PrivacyLevel, smallestGroup} from '../../core/privacy.ts';
import {formatBytes, formatCount, printable} from '../../core/text.ts';
import {providerTitle} from '../../core/wording.ts';
import {readNeverSend, writeNeverSend} from '../../workspace/never-send.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {rowsText} from './status.ts';

const meanings: Record<PrivacyLevel, string> = {
  rows: 'schemas with ranges and frequent values, and at most 20 rows of a result',
  aggregates: `names, types, counts, ranges of numbers, and statistics over groups of at least ${smallestGroup} rows`,
  schema: 'names, types and row counts; values are filled into the answer here',
};

/** `/privacy`, `/privacy LEVEL`, `/privacy hide COLUMN…`, `/privacy show COLUMN…`. */
export async function privacy(args: string, app: App): Promise<SlashAnswer> {
  const [word = '', ...rest] = args.split(/[\s,]+/).filter(Boolean);
  if (word === '') return {text: await statusText(app)};
  if (isPrivacyLevel(word.toLowerCase()) && rest.length === 0) {
    app.gate.setLevel(word.toLowerCase() as PrivacyLevel);
    return {text: await statusText(app)};
  }
  if ((word === 'hide' || word === 'show') && rest.length > 0) return {text: await change(word, rest, app)};
  throw new UsageError('chat.arguments', 'Usage: /privacy [rows|aggregates|schema|hide COLUMN…|show COLUMN…]', {
    hint: 'A column is written sales.email, email (in every dataset) or *.phone.',
  });
}

async function change(word: 'hide' | 'show', patterns: readonly string[], app: App): Promise<string> {
  const kept = await readNeverSend(app.workspace);
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const wanted = word === 'hide' ? [...kept, ...patterns] : kept.filter(each => !patterns.some(one => same(one, each)));
  if (word === 'show' && wanted.length === kept.length) {
    const fixed = app.config.privacy.neverSend.some(each => patterns.some(one => same(one, each)));
    throw new UsageError(
      'privacy.not_hidden',
      `${printable(patterns.join(', '), {oneLine: true})} is not on the list of this workspace.`,
      {
        hint: fixed ? 'It comes from DS_AGENT_NEVER_SEND.' : `On it: ${kept.join(', ') || 'nothing'}.`,
      },
    );
  }
  await writeNeverSend(app.workspace, wanted);
  await app.refreshPrivacy();
  const unused = word === 'hide' ? await withoutColumn(patterns, app) : [];
  const note =
    unused.length > 0 ? `\nNo column has this name now: ${printable(unused.join(', '), {oneLine: true})}.` : '';
  return `${await statusText(app)}${note}`;
}

async function withoutColumn(patterns: readonly string[], app: App): Promise<string[]> {
  const places = (await app.catalog.datasets()).flatMap(dataset =>
    currentVersion(dataset).columns.flatMap(({name, originalName}) => [
      [dataset.name, name] as const,
      [dataset.name, originalName] as const,
    ]),
  );
  return patterns.filter(pattern => !places.some(([dataset, column]) => isMeant(pattern, dataset, column)));
}

async function statusText(app: App): Promise<string> {
  await app.refreshPrivacy();
  const {level, neverSend} = app.gate.policy();
  const {rowsSent, cellsSent, bytesSent} = app.gate.meter();
  const asksOutside = app.models.config().providers.some(name => name !== 'offline');
  return printable(
    [
      `Privacy level ${level}: ${meanings[level]}.`,
      `Never sent: ${neverSend.join(', ') || 'no column is on the list'}.`,
      asksOutside || bytesSent > 0
        ? `Sent in this session: ${rowsText(rowsSent)}, ${formatCount(cellsSent)} cells of results, ${formatBytes(bytesSent)} in all. /wire shows the last request.`
        : 'Nothing is sent: the embedded analyst answers on this machine.',
    ].join('\n'),
  );
}

/** `/wire` prints the last request to a provider as it was sent, `/wire save FILE` writes it. */
export async function wire(args: string, app: App): Promise<SlashAnswer> {
  const payload = app.gate.lastPayload();
  if (!payload) return {text: 'Nothing was sent to a provider in this session.'};
  const body = masked(JSON.stringify(JSON.parse(payload.body), null, 2), app);
  const {provider, model} = payload;
  const head = `Last request to ${providerTitle(provider)} ${model}: ${formatCount(Buffer.byteLength(payload.body))} bytes.`;
  const file = /^save\s+(\S[\s\S]*)$/.exec(args)?.[1];
  if (file !== undefined) {
    const path = resolve(file);
    await writeFile(path, `${body}\n`, {mode: 0o600, flag: 'wx'}).catch(cause => {
      throw new UsageError('wire.not_written', `${printable(path)} can't be written (${cause.code ?? 'error'}).`, {
        hint: 'An existing file is not overwritten.',
      });
    });
    return {text: printable(`${head} Written to ${path}.`)};
  }
  if (args !== '') throw new UsageError('chat.arguments', 'Usage: /wire, or /wire save FILE');
  return {text: printable(`${head}\n${body}`)};
}

/** Keys go in headers, never in a body; one that a person typed or a server echoed is masked all the same. */
function masked(text: string, {config}: App): string {
  const keys = [config.openai.apiKey, config.gemini.apiKey].flatMap(key => (key ? [key.reveal()] : []));
  return keys.reduce((shown, key) => shown.replaceAll(key, '•••'), text);
}
