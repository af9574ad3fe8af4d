// The model's way to a local file: only one the user named, or one the user approves.

import {z} from 'zod';
import {currentVersion, refOf} from '../core/dataset.ts';
import {printable} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {importFile} from '../import/import-file.ts';
import {type Catalog, datasetLine} from './catalog.ts';
import {countsOnly, disclosed} from './disclose.ts';

export type ImportToolOptions = {limitBytes: number};

export function importFileTool(catalog: Catalog, {limitBytes}: ImportToolOptions): Tool {
  return defineTool({
    name: 'import_file',
    description: 'Import a local file that the user named as a dataset (CSV, TSV, JSON, Parquet, Excel …).',
    parallel: false,
    args: z.object({
      path: z.string().min(1).describe('path exactly as the user wrote it'),
      name: z.string().optional().describe('dataset name'),
    }),
    async run({path, name}, {signal, emit, clock, userNamed, approve}) {
      if (!userNamed(path) && !(await approve(`Import ${printable(path, {oneLine: true})}, which you did not name?`))) {
        return {
          ok: false,
          kind: 'denied',
          code: 'approval.denied',
          message: `The user did not allow the import of ${printable(path, {oneLine: true})}.`,
          hint: 'Only import files that the user names.',
        };
      }
      const {workspace} = catalog;
      const {dataset, alreadyKnown} = await importFile(
        {path, limitBytes, ...(name === undefined ? {} : {name})},
        {workspace, signal, emit, clock},
      );
      catalog.use(dataset.name);
      const {warnings, columns} = currentVersion(dataset);
      const bare = [
        `${alreadyKnown ? 'Already imported as' : 'Imported'} ${datasetLine(dataset)}.`,
        `Columns: ${columns.map(column => `${printable(column.name, {oneLine: true})} (${column.type})`).join(', ')}`,
      ].join('\n');
      // A warning may quote a cell.
      const about = {kind: 'value' as const, from: null, n: 0};
      const told = warnings.map(warning => ({text: `Warning: ${warning}`, about}));
      return {
        ok: true,
        ...disclosed([{text: bare, about: countsOnly}, ...told], bare),
        source: {datasets: [refOf(dataset)], rowsRead: currentVersion(dataset).rows, sampled: false},
      };
    },
  });
}
