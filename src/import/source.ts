// Opens what the user pointed at, once, and decides about that handle; the path is never looked at again.

import {constants} from 'node:fs';
import type {FileHandle} from 'node:fs/promises';
import {lstat, open, readlink, realpath} from 'node:fs/promises';
import {basename, dirname, relative, resolve} from 'node:path';
import type {ErrorDetails} from '../core/errors.ts';
import {ImportError} from '../core/errors.ts';
import {formatBytes, formatCount, printable} from '../core/text.ts';

/** `path` is absolute; `name` is the last part of what the user wrote. */
export type OpenedSource = {handle: FileHandle; path: string; name: string; sizeBytes: number; modifiedMs: number};

/**
 * Opens a regular file for reading, without waiting on devices and pipes and without following a link out of its folder.
 * @throws ImportError with a code of its own for each kind of thing that is no file
 */
export async function openSource(path: string, limitBytes: number): Promise<OpenedSource> {
  const absolute = resolve(path);
  const name = basename(absolute);
  const shown = printable(path, {oneLine: true});
  const handle = await openHandle(await linkTarget(absolute, shown), shown);
  try {
    const info = await handle.stat();
    if (info.isDirectory())
      throw new ImportError('import.is_directory', `${shown} is a folder, not a file.`, {
        hint: 'Name the files in it: ds-agent upload FOLDER/*.csv',
      });
    if (info.isFIFO() || info.isSocket())
      throw new ImportError(
        'import.not_a_file',
        `${shown} is a ${info.isFIFO() ? 'named pipe' : 'socket'}, not a file.`,
        {
          hint: 'Pipe the data in instead: … | ds-agent upload -',
        },
      );
    if (info.isCharacterDevice() || info.isBlockDevice())
      throw new ImportError('import.not_a_file', `${shown} is a device, not a file.`, {hint: 'Name a regular file.'});
    if (info.size === 0 && info.isFile()) throw emptyFile(shown);
    if (info.size > limitBytes) throw tooLarge(info.size, limitBytes);
    return {handle, path: absolute, name, sizeBytes: info.size, modifiedMs: info.mtimeMs};
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export function emptyFile(shown: string): ImportError {
  return new ImportError('import.empty', `${shown} is empty (0 bytes).`, {
    hint: 'Check how the file was made or downloaded.',
  });
}

/** The wording that users know: sizes for people, then the exact ones. */
export function tooLarge(sizeBytes: number, limitBytes: number, more = ''): ImportError {
  return new ImportError(
    'import.too_large',
    `File too large (${formatBytes(sizeBytes)} > ${formatBytes(limitBytes)} limit). ` +
      `Upload rejected: size ${sizeBytes} > limit ${limitBytes}${more}`,
    {
      hint: `Raise UPLOAD_SIZE_LIMIT_MB (now ${formatCount(Math.round(limitBytes / 2 ** 20))}) or --limit-mb, or import a sample.`,
    },
  );
}

async function openHandle(path: string, shown: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const details: ErrorDetails = {cause: error};
    switch (code) {
      case 'ENOENT':
      case 'ENOTDIR':
        throw new ImportError('import.not_found', `${shown} does not exist.`, {
          ...details,
          hint: 'Check the path; it is read from the folder you are in.',
        });
      case 'EACCES':
      case 'EPERM':
        throw new ImportError('import.no_permission', `${shown} can't be read: no permission.`, {
          ...details,
          hint: 'Change its permissions (chmod +r) or copy it.',
        });
      case 'ENXIO':
        throw new ImportError('import.not_a_file', `${shown} is a socket or device, not a file.`, {
          ...details,
          hint: 'Name a regular file.',
        });
      case 'ELOOP':
        throw new ImportError(
          'import.link',
          `${shown} is a link that changed while it was opened, or goes round in a circle.`,
          {...details, hint: 'Give the path of the file itself.'},
        );
      case 'ENAMETOOLONG':
        throw new ImportError('import.not_found', 'The file name is too long to exist.', {
          ...details,
          hint: 'Check the path.',
        });
      case 'EMFILE':
      case 'ENFILE':
        throw new ImportError('import.failed', 'Too many files are open.', {
          ...details,
          hint: 'Close other programs and try again.',
        });
      case 'ERR_INVALID_ARG_VALUE':
        throw new ImportError('import.not_found', `${shown} is not a path.`, {
          ...details,
          hint: 'A path holds no NUL character.',
        });
      default:
        throw new ImportError('import.failed', `${shown} can't be read (${code || 'unknown error'}).`, {
          ...details,
          hint: 'Check the disk and the path.',
        });
    }
  }
}

/** For a link, the file it stands for if that lies in or under the link's own folder; anything else is refused. */
async function linkTarget(path: string, shown: string): Promise<string> {
  const isLink = await lstat(path).then(
    info => info.isSymbolicLink(),
    () => false,
  );
  if (!isLink) return path;
  const folder = await realpath(dirname(path));
  const target = await realpath(path).catch(async () => resolve(folder, await readlink(path)));
  const way = relative(folder, target);
  if (way.startsWith('..') || resolve(folder, way) !== target || way === '') {
    throw new ImportError(
      'import.link',
      `${shown} is a link to ${printable(target, {oneLine: true})}, outside its folder.`,
      {
        hint: 'If that is the file you mean, give its own path.',
      },
    );
  }
  return target;
}
