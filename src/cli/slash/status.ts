// /status: everything the status bar shows, and more, as text. Also the lines that tell of breakers.

import type {RouteStatus} from '../../core/chat.ts';
import {currentVersion} from '../../core/dataset.ts';
import {formatDollars, listPricesOf} from '../../core/prices.ts';
import {formatBytes, formatCount, formatDuration, printable, sizeWords} from '../../core/text.ts';
import {faultWords, providerTitle} from '../../core/wording.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import type {Spending} from '../spending.ts';

export async function status(_: string, app: App): Promise<SlashAnswer> {
  const {session, gate} = app;
  const active = await app.catalog.active();
  const {inputTokens, outputTokens} = session.usage();
  const last = session.receipts().at(-1);
  const share = session.contextShare();
  const meter = gate.meter();
  const lines = [
    ...breakerLines(app.router.status(), app.clock.now()),
    active ? `Dataset: ${await sizeOf(app, active)}` : 'Dataset: none',
    `Last result: ${last ? `#${last.id}, ${last.sampled ? 'of a SAMPLE' : 'FULL (all rows)'}` : 'none yet'}`,
    `Context: ${share === null ? 'nothing sent yet' : `${Math.round(share * 100)} % of ${formatCount(app.config.contextTokens)} tokens`}`,
    `Tokens: ${formatCount(inputTokens ?? 0)} in, ${formatCount(outputTokens ?? 0)} out`,
    `Money: ${moneyText(app.spending())}`,
    `Privacy: ${gate.policy().level}; ${rowsText(meter.rowsSent)} and ${formatBytes(meter.bytesSent)} sent`,
    `Workspace: ${app.workspace.root}`,
    `Session: ${app.sessionId}`,
    `Upload limit: ${formatBytes(app.config.uploadLimitBytes)}`,
  ];
  return {text: printable(lines.join('\n'))};
}

function moneyText({dollars, estimated, unpriced}: Spending): string {
  const from = estimated
    ? `, an estimate from list prices of ${listPricesOf} (DS_AGENT_PRICES sets your own)`
    : ' at the prices of DS_AGENT_PRICES';
  const known = dollars === 0 ? [] : [`${formatDollars(dollars, estimated)}${from}`];
  const without = unpriced.length === 0 ? [] : [`no price known for ${unpriced.join(', ')}`];
  return [...known, ...without].join('; ') || 'none';
}

/** "1 row", "4,000 rows". */
export function rowsText(rows: number): string {
  return `${formatCount(rows)} row${rows === 1 ? '' : 's'}`;
}

/** "sales v2, 4,000 rows × 12 columns". */
export async function sizeOf(app: App, name: string): Promise<string> {
  const {version, rows, columns} = currentVersion(await app.catalog.dataset(name));
  return `${name} v${version}, ${sizeWords(rows, columns.length)}`;
}

/** One line a route: "Gemini gemini-2.5-flash: open, 4:32 left, 3/3 failures, rate limit". */
export function breakerLines(routes: readonly RouteStatus[], now: number): string[] {
  return routes.map(({provider, model, state, failures, threshold, openUntil, cause, blocked}) => {
    const name = `${providerTitle(provider)}${provider === 'offline' ? '' : ` ${model}`}`;
    if (blocked !== null) return printable(`${name}: not used, ${blocked}`, {oneLine: true});
    const left =
      state === 'open' && openUntil !== null && openUntil > now ? `, ${formatDuration(openUntil - now)} left` : '';
    const word = cause === null ? '' : `, ${faultWords[cause as keyof typeof faultWords] ?? cause}`;
    return printable(`${name}: ${state.replace('_', '-')}${left}, ${failures}/${threshold} failures${word}`, {
      oneLine: true,
    });
  });
}
