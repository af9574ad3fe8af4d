// A real Chromium for tests of HTML: opens a file, tells every request, script error and dialog, and runs questions in it.

import {type ChildProcess, spawn} from 'node:child_process';
import {accessSync, constants, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Null where no Chromium is installed; a test says then that it was skipped. */
export const chromiumPath: string | null =
  places.find(path => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }) ?? null;

/** `requests` are the addresses asked for beside the file itself and data: addresses. */
export type Opened = {
  requests: string[];
  errors: string[];
  dialogs: string[];
  /** The value of the expression, awaited where it is a promise. */
  ask(expression: string): Promise<unknown>;
  /** A PNG of the first element that matches, as it is seen. */
  picture(selector: string): Promise<Uint8Array>;
  /** The page on paper, with its backgrounds, as PDF. */
  printed(): Promise<Uint8Array>;
  close(): Promise<void>;
};

export type View = {scheme?: 'light' | 'dark'; media?: 'screen' | 'print'; width?: number};

type Message = {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: unknown;
};

export async function openPage(
  file: string,
  {scheme = 'light', media = 'screen', width = 1000}: View = {},
): Promise<Opened> {
  const profile = mkdtempSync(join(tmpdir(), 'ds-agent-chromium-'));
  const args = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const child = spawn(chromiumPath ?? 'chromium', [...args, '--remote-debugging-pipe', `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: {PATH: '/usr/bin:/bin', HOME: profile},
  });
  const browser = talkTo(child);
  const opened: Pick<Opened, 'requests' | 'errors' | 'dialogs'> = {requests: [], errors: [], dialogs: []};
  const address = pathToFileURL(file).href;
  const {targetId} = await browser.send('Target.createTarget', {url: 'about:blank'});
  const {sessionId} = await browser.send('Target.attachToTarget', {targetId, flatten: true});
  const session = String(sessionId);
  const send = (method: string, params: object = {}) => browser.send(method, params, session);
  const loaded = new Promise<void>(resolve => {
    browser.listen(({method, params = {}}) => {
      if (method === 'Page.loadEventFired') resolve();
      else if (method === 'Runtime.exceptionThrown') opened.errors.push(JSON.stringify(params));
      else if (method === 'Log.entryAdded') opened.errors.push(JSON.stringify(params));
      else if (method === 'Page.javascriptDialogOpening') {
        opened.dialogs.push(String(params.message));
        void send('Page.handleJavaScriptDialog', {accept: true});
      } else if (method === 'Network.requestWillBeSent') {
        const {url = ''} = (params.request ?? {}) as {url?: string};
        if (url.split('#')[0] !== address && !url.startsWith('data:')) opened.requests.push(url);
      }
    });
  });
  for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await send(`${domain}.enable`);
  await send('Emulation.setEmulatedMedia', {media, features: [{name: 'prefers-color-scheme', value: scheme}]});
  await send('Emulation.setDeviceMetricsOverride', {width, height: 900, deviceScaleFactor: 1, mobile: false});
  await send('Page.navigate', {url: address});
  await loaded;
  const ask = async (expression: string) => {
    const {result, exceptionDetails} = await send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as {value?: unknown}).value;
  };
  return {
    ...opened,
    ask,
    async picture(selector) {
      const place = `(({x, y, width, height}) => ({x: x + scrollX, y: y + scrollY, width, height}))(document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect())`;
      const clip = {...((await ask(place)) as object), scale: 1};
      const {data} = await send('Page.captureScreenshot', {format: 'png', clip, captureBeyondViewport: true});
      return Buffer.from(String(data), 'base64');
    },
    async printed() {
      // An emulated screen stays one on paper.
      await send('Emulation.setEmulatedMedia', {
        media: '',
        features: [{name: 'prefers-color-scheme', value: scheme}],
      });
      const {data} = await send('Page.printToPDF', {printBackground: true});
      return Buffer.from(String(data), 'base64');
    },
    async close() {
      const gone = new Promise(resolve => child.once('exit', resolve));
      await browser.send('Browser.close', {}).catch(() => child.kill());
      await gone;
      rmSync(profile, {recursive: true, force: true, maxRetries: 5});
    },
  };
}

/** The DevTools protocol over two pipes: one JSON object after another, each ended by a zero byte. */
function talkTo(child: ChildProcess) {
  const [, , , input, from] = child.stdio;
  const waiting = new Map<number, {resolve(result: Record<string, unknown>): void; reject(error: Error): void}>();
  const listeners: ((message: Message) => void)[] = [];
  let held = '';
  let lastId = 0;
  from?.on('data', (chunk: Buffer) => {
    const parts = (held + chunk.toString()).split('\0');
    held = parts.pop() ?? '';
    for (const part of parts) {
      const message: Message = JSON.parse(part);
      const open = message.id === undefined ? undefined : waiting.get(message.id);
      if (message.id !== undefined) waiting.delete(message.id);
      if (message.error) open?.reject(new Error(JSON.stringify(message.error)));
      else open?.resolve(message.result ?? {});
      if (message.method) for (const listen of listeners) listen(message);
    }
  });
  child.once('exit', () => {
    for (const {reject} of waiting.values()) reject(new Error('Chromium has gone.'));
  });
  return {
    listen: (listener: (message: Message) => void) => listeners.push(listener),
    send(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
      const id = ++lastId;
      if (input && 'write' in input) input.write(`${JSON.stringify({id, method, params, sessionId})}\0`);
      return new Promise((resolve, reject) => waiting.set(id, {resolve, reject}));
    },
  };
}
