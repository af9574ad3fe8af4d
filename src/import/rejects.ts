// The account of every repaired or dropped line as a file beside the version; the report itself holds only the first.

import {appendFileSync, createReadStream, createWriteStream, existsSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {pipeline} from 'node:stream/promises';
import {z} from 'zod';
import type {ReportedLine} from './shape.ts';
import {lineKinds} from './shape.ts';

const pieceChars = 1 << 18;

/** Lines that no longer fit into the report; they wait in a half-made file. */
export class MoreLines {
  readonly #path: string;
  #text = '';

  constructor(path: string) {
    this.#path = path;
  }

  add(line: ReportedLine): void {
    this.#text += `${JSON.stringify(line)}\n`;
    if (this.#text.length >= pieceChars) this.#flush();
  }

  /** Writes `first` and then these lines to `path`, one JSON object per line. */
  static async write(path: string, first: readonly ReportedLine[], more: MoreLines | undefined): Promise<void> {
    if (more) more.#flush();
    const source = more && existsSync(more.#path) ? more.#path : null;
    await pipeline(
      async function* () {
        for (const line of first) yield `${JSON.stringify(line)}\n`;
        if (source !== null) yield* createReadStream(source);
      },
      createWriteStream(path, {flags: 'wx', mode: 0o600}),
    );
  }

  #flush(): void {
    if (this.#text === '') return;
    appendFileSync(this.#path, this.#text, {mode: 0o600});
    this.#text = '';
  }
}

const reportedLine = z.object({line: z.number(), kind: z.enum(lineKinds), text: z.string()});

/** The first `limit` lines of a rejects file; none when it is gone. */
export async function readRejects(path: string, limit: number): Promise<ReportedLine[]> {
  if (!existsSync(path)) return [];
  const lines: ReportedLine[] = [];
  const source = createReadStream(path);
  for await (const text of createInterface({input: source})) {
    lines.push(reportedLine.parse(JSON.parse(text)));
    if (lines.length >= limit) break;
  }
  source.destroy();
  return lines;
}
