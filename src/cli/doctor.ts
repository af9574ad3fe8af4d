// `ds-agent doctor`: looks at everything a run depends on and says what is wrong and what to do.

import {accessSync, constants} from 'node:fs';
import {type Clock, systemClock} from '../core/clock.ts';
import {exitCodes, toDsAgentError} from '../core/errors.ts';
import {formatBytes, printable} from '../core/text.ts';
import {providerTitle} from '../core/wording.ts';
import {defaultMemoryLimitBytes, openQueryEngine} from '../engine/duckdb.ts';
import {openWorkspace} from '../workspace/workspace.ts';
import {createConfiguredRouter} from './app.ts';
import type {Config, ProviderName} from './config.ts';
import {maskKey} from './config.ts';
import {breakerJson, jsonText} from './json-result.ts';
import type {DoctorJson} from './json-schemas.ts';
import {breakerLines} from './slash/status.ts';
import type {Output} from './streams.ts';

export type Check = {name: string; state: 'ok' | 'warn' | 'fail'; detail: string};

const reachMs = 5_000;

/** Exit 0 when nothing failed, 4 for the workspace or engine, 5 when every key is refused, 6 when no provider is left. */
export async function runDoctor(
  config: Config,
  {json, output, version}: {json: boolean; output: Output; version: string},
): Promise<number> {
  const clock = systemClock;
  const router = await createConfiguredRouter(config, clock);
  const breakers = router.status();
  const asked = await Promise.all(config.providers.map(name => checkProvider(config, name)));
  const providerChecks = asked.map(({check}) => check);
  const checks: Check[] = [
    {name: 'ds-agent', state: 'ok', detail: version},
    {name: 'node', state: 'ok', detail: `${process.versions.node} on ${process.platform} ${process.arch}`},
    checkTerminal(),
    ...checkKeys(config),
    ...providerChecks,
    await checkWorkspace(config, clock),
    await checkEngine(config),
    checkState(config),
    ...config.warnings.map((detail): Check => ({name: 'setting', state: 'warn', detail})),
  ];
  if (json) {
    const result: DoctorJson = {schema_version: 1, checks, breakers: breakers.map(breakerJson)};
    await output.out(jsonText(result));
  } else {
    const width = Math.max(...checks.map(check => check.name.length));
    const marks = {ok: 'ok  ', warn: 'warn', fail: 'FAIL'};
    const lines = checks.map(
      ({name, state, detail}) => `${marks[state]}  ${name.padEnd(width)}  ${printable(detail, {oneLine: true})}`,
    );
    await output.out(
      `${[...lines, ...breakerLines(breakers, clock.now()).map(line => `      breaker: ${line}`)].join('\n')}\n`,
    );
  }
  if (checks.some(({name, state}) => state === 'fail' && (name === 'workspace' || name === 'engine')))
    return exitCodes.configuration;
  if (asked.some(({check}) => check.state !== 'fail')) return exitCodes.answered;
  return asked.every(({isRefused}) => isRefused) ? exitCodes.auth : exitCodes.unavailable;
}

function checkTerminal(): Check {
  if (!process.stdout.isTTY) return {name: 'terminal', state: 'ok', detail: 'none (script mode)'};
  const {columns, rows} = process.stdout;
  return {
    name: 'terminal',
    state: columns < 40 ? 'warn' : 'ok',
    detail: `${columns} × ${rows}, ${process.stdout.getColorDepth()} bit colour`,
  };
}

function checkKeys({openai, gemini}: Config): Check[] {
  return (['openai', 'gemini'] as const).map(name => {
    const {apiKey, model, baseUrl} = name === 'openai' ? openai : gemini;
    const key = apiKey ? `key ${maskKey(apiKey.reveal())}` : 'no key';
    return {name: `${name} key`, state: 'ok', detail: `${key}, model ${model}${baseUrl ? `, ${baseUrl}` : ''}`};
  });
}

/** Asks the server for its list of models, within 5 s. */
async function checkProvider(
  {openai, gemini}: Config,
  name: ProviderName,
): Promise<{check: Check; isRefused: boolean}> {
  const checked = (state: Check['state'], detail: string, isRefused = false) => ({
    check: {name, state, detail},
    isRefused,
  });
  if (name === 'offline') {
    const detail = 'the embedded analyst; set OPENAI_API_KEY or GEMINI_API_KEY for a language model';
    return {check: {name: 'provider', state: 'ok', detail}, isRefused: false};
  }
  const {apiKey, baseUrl} = name === 'openai' ? openai : gemini;
  const key = apiKey?.reveal() ?? '';
  const request =
    name === 'openai'
      ? {url: `${baseUrl ?? 'https://api.openai.com/v1'}/models`, headers: {authorization: `Bearer ${key}`}}
      : {
          url: `${baseUrl ?? 'https://generativelanguage.googleapis.com'}/v1beta/models`,
          headers: {'x-goog-api-key': key},
        };
  const where = `${providerTitle(name)} at ${new URL(request.url).host}`;
  try {
    const response = await fetch(request.url, {headers: request.headers, signal: AbortSignal.timeout(reachMs)});
    const {status, ok} = response;
    // Gemini says of a wrong key that the request is bad, and why in its body.
    const isBadKey = status === 400 && (await response.text()).includes('API_KEY_INVALID');
    if (!response.bodyUsed) await response.body?.cancel();
    if (status === 401 || status === 403 || isBadKey)
      return checked('fail', `${where} refuses the key (HTTP ${status})`, true);
    if (ok) return checked('ok', `${where} answers (HTTP ${status})`);
    const doubt = status < 500 && status !== 429 ? '; is its address right?' : '';
    return checked('warn', `${where} is there, but does not list its models (HTTP ${status})${doubt}`);
  } catch (error) {
    const cause =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    return checked('fail', `${where} can't be reached: ${cause}`);
  }
}

async function checkWorkspace(config: Config, clock: Clock): Promise<Check> {
  try {
    const warnings: string[] = [];
    const workspace = await openWorkspace(config.workspace, {
      clock,
      readOnly: true,
      onWarning: message => warnings.push(message),
    });
    const count = (await workspace.datasets()).length;
    return {
      name: 'workspace',
      state: warnings.length > 0 ? 'warn' : 'ok',
      detail: [`${workspace.root}, ${count} dataset${count === 1 ? '' : 's'}`, ...warnings].join('; '),
    };
  } catch (error) {
    return {name: 'workspace', state: 'fail', detail: toDsAgentError(error).message};
  }
}

async function checkEngine(config: Config): Promise<Check> {
  try {
    const workspace = await openWorkspace(config.workspace, {readOnly: true});
    const limit = config.memoryLimitBytes ?? defaultMemoryLimitBytes();
    const engine = await openQueryEngine({
      dataDirectory: workspace.path('data'),
      spillDirectory: workspace.spillDirectory,
      memoryLimitBytes: limit,
    });
    const {table} = await engine.query('SELECT version()', {maxRows: 1});
    engine.close();
    return {
      name: 'engine',
      state: 'ok',
      detail: `DuckDB ${String(table.rows[0]?.[0])}, memory limit ${formatBytes(limit)}`,
    };
  } catch (error) {
    return {name: 'engine', state: 'fail', detail: toDsAgentError(error).message};
  }
}

function checkState({stateDirectory}: Config): Check {
  if (stateDirectory === null) return {name: 'state', state: 'ok', detail: 'kept in memory only (DS_AGENT_NO_STATE)'};
  try {
    accessSync(stateDirectory, constants.W_OK);
    return {name: 'state', state: 'ok', detail: stateDirectory};
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return {
      name: 'state',
      state: missing ? 'ok' : 'warn',
      detail: missing
        ? `${stateDirectory} (made when first needed)`
        : `${stateDirectory} can't be written; breaker states stay in memory`,
    };
  }
}
