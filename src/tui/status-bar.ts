// The one line that tells the truth about providers, breakers, waits and the data; and when it must be drawn again.

import type {ChalkInstance} from 'chalk';
import type {RouteStatus} from '../core/chat.ts';
import {formatDollars} from '../core/prices.ts';
import {formatBytes, formatCount, formatDuration, printable} from '../core/text.ts';
import type {ChatStatus} from './chat-host.ts';
import {cellWidth, fitCells} from './text-width.ts';
import type {Retry} from './view-model.ts';

export type StatusInput = {
  status: ChatStatus;
  retry: Retry | null;
  /** The provider that answers at present, when known. */
  provider: string | null;
  turnStartedAt: number | null;
  stopping: boolean;
  queued: number;
  /** Replaces everything while set. */
  hint: string | null;
};

type Item = {text: string; shown: string; priority: number};

/** The bar in at most `width` cells; items of low priority are dropped first. `now` is epoch ms. */
export function statusBar(input: StatusInput, now: number, width: number, style: ChalkInstance): string {
  if (input.hint !== null) return style.yellow(fitCells(input.hint, width));
  const separator = ' · ';
  let items = statusItems(input, now, style);
  const lengthOf = (list: Item[]) =>
    list.reduce((sum, item) => sum + cellWidth(item.text), 0) + separator.length * Math.max(0, list.length - 1);
  while (items.length > 1 && lengthOf(items) > width) {
    const lowest = Math.min(...items.map(item => item.priority));
    items = items.filter(item => item.priority !== lowest);
  }
  if (lengthOf(items) > width) return items[0] ? fitCells(items[0].text, width) : '';
  return items.map(item => item.shown).join(style.dim(separator));
}

/**
 * Milliseconds until the bar shows something new: 1 s while a turn, a retry or an open breaker waits, 0.1 s in the last
 * two seconds of a wait; null when nothing waits, so that no timer runs.
 */
export function nextTick(input: Pick<StatusInput, 'status' | 'retry' | 'turnStartedAt'>, now: number): number | null {
  const ends = [
    ...(input.retry ? [input.retry.endsAt] : []),
    ...input.status.routes.flatMap(route =>
      route.state === 'open' && route.openUntil !== null && route.blocked === null ? [route.openUntil] : [],
    ),
  ].filter(end => end > now);
  if (ends.some(end => end - now <= 2000)) return 100;
  if (ends.length === 0 && input.turnStartedAt === null) return null;
  const nearest = Math.min(...ends, Number.POSITIVE_INFINITY);
  // Tick where the shown seconds change, and wake exactly where the last two seconds begin.
  const phase = Number.isFinite(nearest) ? (nearest - now) % 1000 || 1000 : 1000;
  return Math.max(50, Math.min(phase, nearest - now - 2000 || 1000));
}

function statusItems(input: StatusInput, now: number, style: ChalkInstance): Item[] {
  const {status, retry} = input;
  const items: Item[] = [];
  const add = (priority: number, text: string, shown = text) => {
    items.push({text, shown, priority});
  };
  if (retry) {
    const left = Math.max(0, retry.endsAt - now);
    const text = `retry ${retry.attempt}/${retry.of} in ${countdown(left)} (${printable(retry.cause, {oneLine: true})})`;
    add(100, text, style.yellow(text));
  }
  const route = routeItem(input, now, style);
  if (route) items.push(route);
  const answering = activeRoute(input);
  if (answering && answering.provider !== 'offline') add(50, printable(answering.model, {oneLine: true}));
  if (input.stopping) add(95, 'stopping', style.yellow('stopping'));
  if (input.turnStartedAt !== null) {
    const elapsed = Math.max(0, Math.floor((now - input.turnStartedAt) / 1000));
    add(60, formatDuration(elapsed * 1000));
  }
  if (input.queued > 0) add(70, `${input.queued} queued`);
  if (status.dataset) {
    const {name, rows, columns, version} = status.dataset;
    add(80, `${printable(name, {oneLine: true})} ${formatCount(rows)} × ${formatCount(columns)} v${version}`);
    // That a number is of a sample must be seen as long as the number; that it is not may go.
    if (status.sampled !== null) add(status.sampled ? 85 : 20, status.sampled ? 'SAMPLE' : 'FULL');
  }
  const tokens = (status.usage.inputTokens ?? 0) + (status.usage.outputTokens ?? 0);
  if (tokens > 0) add(30, `${formatCount(tokens)} tokens`);
  if (status.money) add(32, moneyText(status.money));
  if (status.privacy) {
    const {level, rowsSent, bytesSent} = status.privacy;
    const sent = rowsSent > 0 ? `${formatCount(rowsSent)} row${rowsSent === 1 ? '' : 's'}` : formatBytes(bytesSent);
    add(35, `privacy ${level}${bytesSent > 0 ? ` · ${sent} sent` : ''}`);
  }
  if (status.contextShare !== null && status.contextShare > 0) {
    add(40, `context ${Math.round(status.contextShare * 100)}%`);
  }
  return items;
}

function moneyText({dollars, estimated, unpriced}: NonNullable<ChatStatus['money']>): string {
  if (dollars === 0) return 'no price known';
  return `${formatDollars(dollars, estimated)}${unpriced ? ' + unpriced' : ''}`;
}

const isUsable = (route: RouteStatus) => route.state !== 'open' && route.blocked === null;

/** The route that answers, or that would answer now. */
function activeRoute({status, provider}: StatusInput): RouteStatus | undefined {
  const usable = status.routes.filter(isUsable);
  return usable.find(route => route.provider === provider) ?? usable[0];
}

/** The routes that cannot be used now, in their order, and then the one that answers: "gemini ○ open 4:32 → openai". */
function routeItem(input: StatusInput, now: number, style: ChalkInstance): Item | null {
  const {status} = input;
  const active = activeRoute(input);
  const chain = [...status.routes.filter(route => !isUsable(route)), ...(active ? [active] : [])];
  if (chain.length === 0) return null;
  const parts = chain.map(route => {
    const {mark, text} = routeText(route, now);
    const name = printable(route.provider, {oneLine: true});
    // Behind a route that is out, a healthy one needs no more than its name.
    const short = chain.length > 1 && route.state === 'closed' && route.failures === 0 && route.blocked === null;
    if (mark === '' || short) return {text: name, shown: name};
    const paint = mark === '●' ? style.green : mark === '◐' ? style.yellow : style.red;
    return {text: `${name} ${mark} ${text}`, shown: `${name} ${paint(mark)} ${text}`};
  });
  const join = (pick: 'text' | 'shown') => parts.map(part => part[pick]).join(' → ');
  return {text: join('text'), shown: join('shown'), priority: 90};
}

function routeText(route: RouteStatus, now: number): {mark: string; text: string} {
  if (route.provider === 'offline') return {mark: '', text: ''};
  if (route.blocked !== null) return {mark: '✗', text: printable(route.blocked, {oneLine: true})};
  switch (route.state) {
    case 'closed':
      return {mark: '●', text: route.failures > 0 ? `closed ${route.failures}/${route.threshold}` : 'closed'};
    case 'half_open':
      return {mark: '◐', text: 'probing'};
    case 'open': {
      const left = route.openUntil === null ? null : route.openUntil - now;
      if (left === null) return {mark: '○', text: 'open'};
      // Over, but the breaker moves on only with the next request.
      if (left <= 0) return {mark: '◐', text: 'probes next'};
      return {mark: '○', text: `open ${clockText(left)}`};
    }
    default:
      route.state satisfies never;
      return {mark: '', text: ''};
  }
}

/** 272000 → "4:32", 900 → "0.9s". */
function clockText(leftMs: number): string {
  return leftMs < 2000 ? countdown(leftMs) : minutes(leftMs);
}

function minutes(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${hours > 0 ? pad(Math.floor((seconds % 3600) / 60)) : Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

function countdown(leftMs: number): string {
  if (leftMs < 2000) return `${(Math.ceil(leftMs / 100) / 10).toFixed(1)}s`;
  return leftMs < 60_000 ? `${Math.ceil(leftMs / 1000)}s` : minutes(leftMs);
}
