// A table of more columns than can be worked with is refused early.

import {ImportError} from '../core/errors.ts';
import {formatCount} from '../core/text.ts';

const maxColumns = 10_000;

/** @throws ImportError `import.too_wide` for more columns than any step after this one could bear */
export function refuseWide(width: number, {shown}: {shown: string}): void {
  if (width <= maxColumns) return;
  throw new ImportError(
    'import.too_wide',
    `${shown} has ${formatCount(width)} columns; the limit is ${formatCount(maxColumns)}.`,
    {
      hint: 'Import fewer columns, or turn the table on its side (one row per value) first.',
    },
  );
}
