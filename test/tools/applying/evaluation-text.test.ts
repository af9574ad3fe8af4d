// What is said of the classes that are taken for each other.

import {expect, it} from 'vitest';
import {confusionLines} from '../../../src/tools/applying/evaluation-text.ts';

const names = (count: number) => Array.from({length: count}, (_, k) => `c${k}`);

it('up to 20 classes are a matrix, more are their commonest confusions with the rows of each', () => {
  const actual = Float64Array.from({length: 210}, (_, i) => i % 21);
  // Of class 3 four rows and of class 8 one row are taken for class 5.
  const wrong = new Set([3, 24, 45, 66, 8]);
  const predicted = actual.map((k, i) => (wrong.has(i) ? 5 : k));
  const [line] = confusionLines(actual, predicted, names(21), ['d.y']);
  expect(line?.text).toBe('Predicted as another class: 5 rows, most often c3 as c5 (4), c8 as c5 (1).');
  expect(line?.about).toEqual({kind: 'group', from: ['d.y'], n: 10});
  expect(confusionLines(actual, actual, names(21), [])[0]?.text).toBe(
    'No row is predicted as another class than it is.',
  );
  const few = actual.map(k => k % 20);
  expect(confusionLines(few, few, names(20), [])[0]?.text).toContain('| actual | predicted c0 |');
});
