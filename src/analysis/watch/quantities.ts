// Which columns the arguments of a statistical tool take as quantities.

import type {Receipt} from '../../core/tool.ts';
import {isNode} from './select.ts';

/** Tools whose `columns` are all quantities; elsewhere they can be anything. */
const ofNumbers = new Set(['correlate', 'cluster', 'reduce']);

/** Each name once. Empty for tools that run SQL, whose statement says it better. */
export function quantitiesIn({tool, args}: Pick<Receipt, 'tool' | 'args'>): string[] {
  if (!isNode(args) || 'sql' in args) return [];
  const {value, target, features, columns, column, paired_with: pairedWith} = args;
  const lists = [features, ofNumbers.has(tool) ? columns : undefined].flatMap(each =>
    Array.isArray(each) ? each : [],
  );
  const single = [value, target, pairedWith, tool === 'check_distribution' ? column : undefined];
  return [...new Set([...single, ...lists].filter(each => typeof each === 'string'))];
}
