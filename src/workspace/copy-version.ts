// Puts one version of a dataset into another workspace under its own number, by a second name of its file where possible.

import {mkdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {DatasetRef, DatasetVersion} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {createFileExclusive, linkExclusive} from './atomic-write.ts';
import {hashFile} from './hash-file.ts';
import type {Workspace} from './workspace.ts';

/**
 * The version is found by its hash, and the file must still have it.
 * @throws ToolError `dataset.version_gone`, `dataset.damaged`
 */
export async function copyVersion(from: Workspace, to: Workspace, ref: DatasetRef): Promise<DatasetVersion> {
  const dataset = (await from.datasets()).find(each => each.name === ref.name);
  const version = dataset?.versions.find(each => each.sha256 === ref.sha256);
  if (!version)
    throw new ToolError('dataset.version_gone', `${ref.name} v${ref.version} is no longer in the workspace.`);
  const source = from.path(version.parquet);
  const hash = await hashFile(source);
  if (hash !== version.sha256)
    throw new ToolError('dataset.damaged', `The file of ${ref.name} v${version.version} is not the one it was.`, {
      hint: `${version.parquet} has the hash ${hash.slice(0, 16)}… instead of ${version.sha256.slice(0, 16)}….`,
    });
  const folder = to.path('data', ref.name);
  await mkdir(folder, {recursive: true, mode: 0o700});
  await linkExclusive(source, to.path(version.parquet));
  const manifest = await readFile(from.path('data', ref.name, `v${version.version}.json`), 'utf8');
  await createFileExclusive(join(folder, `v${version.version}.json`), manifest);
  return version;
}
