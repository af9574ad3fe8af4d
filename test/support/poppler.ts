// Debian's PDF programs, for tests of what a report really holds. A test that needs one says so where it is missing.

import {execFile} from 'node:child_process';
import {accessSync, constants} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';

const exec = promisify(execFile);
const folders = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/** The path of the program, or null. */
export function installed(name: string): string | null {
  for (const folder of folders) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {}
  }
  return null;
}

export const pdfPrograms = ['pdftotext', 'pdfinfo', 'pdffonts', 'qpdf'] as const;
export const missingPdfPrograms = pdfPrograms.filter(name => installed(name) === null);

/** Standard output; rejects when the program fails. */
export async function output(name: string, args: readonly string[]): Promise<string> {
  const {stdout} = await exec(installed(name) ?? name, [...args], {maxBuffer: 64 * 1024 * 1024});
  return stdout;
}

/** The text of every page as it is read, without page footers and breaks. */
export const textOf = (pdf: string): Promise<string> => output('pdftotext', ['-layout', pdf, '-']);
