// What a script run says on stderr while it works. stdout belongs to the answer alone.

import type {Caution} from '../../core/caution.ts';
import type {EventSink, StampedEvent} from '../../core/events.ts';
import {groundingLine} from '../../core/grounding.ts';
import {clip, formatCount, printable, sizeWords} from '../../core/text.ts';
import {describeResilienceEvent} from '../../core/wording.ts';

/** Writes one line an event that a person wants to see; `write` gets it without the newline. */
export function plainSink(write: (line: string) => void): EventSink {
  return event => {
    const line = plainLine(event);
    if (line !== null) write(line);
  };
}

/** The line for an event, or null when plain mode does not show it. */
export function plainLine(event: StampedEvent): string | null {
  switch (event.type) {
    case 'tool_end':
      return toolLine(event);
    case 'dataset_added':
      return addedLine(event);
    case 'import_rejected':
      // Whoever asked for the import reports its failure, as the error of the run or of the tool.
      return null;
    case 'caution':
      return cautionLine(event.caution);
    case 'grounding': {
      const line = groundingLine(event);
      return line === null ? null : printable(`⚠ ${line}.`, {oneLine: true});
    }
    case 'notice':
      return printable(event.level === 'warn' ? `Warning: ${event.message}` : event.message);
    default: {
      const text = describeResilienceEvent(event);
      return text === null ? null : printable(text, {oneLine: true});
    }
  }
}

/** "Caution #2: avg(price): 3 of 9 groups have fewer than 5 values (the smallest 1)." */
export function cautionLine({severity, message, receipt}: Caution): string {
  const head = severity === 'warn' ? 'Caution' : 'Note';
  return printable(`${head} #${receipt}: ${message}`, {oneLine: true});
}

function toolLine({name, ms, result}: Extract<StampedEvent, {type: 'tool_end'}>): string | null {
  if (!result.ok) return `▸ ${name} failed: ${printable(clip(result.message, 300), {oneLine: true})}`;
  if (result.nextSteps) return null;
  const {datasets, rowsRead, id} = result.receipt;
  const from = datasets.map(({name: dataset, version}) => `${dataset} v${version}`).join(', ');
  const rows = (count: number) => `${formatCount(count)} row${count === 1 ? '' : 's'}`;
  const out = result.table ? ` → ${rows(result.table.totalRows ?? result.table.rows.length)}` : '';
  const read = rowsRead > 0 ? ` ${rows(rowsRead)}` : '';
  const kept = (result.artifacts ?? []).flatMap(({path}) => path ?? []);
  const files = kept.length > 0 ? `\n  kept in the workspace: ${printable(kept.join(', '), {oneLine: true})}` : '';
  return `▸ ${name}${from ? ` ${from}` : ''}${read}${out} ${ms} ms #${id}${files}`;
}

export function addedLine(event: Extract<StampedEvent, {type: 'dataset_added'}>): string {
  const {name, version, rows, columns, sizeBytes, format, storedName, warnings} = event;
  const head =
    format === 'query'
      ? `Dataset saved: ${name} v${version}, ${sizeWords(rows, columns)}`
      : `Upload saved: ${storedName} (${formatCount(sizeBytes)} bytes, ${format.toUpperCase()}) → ${name} v${version}, ${sizeWords(rows, columns)}`;
  return [head, ...warnings.map(warning => `  Warning: ${printable(warning, {oneLine: true})}`)].join('\n');
}
