// The numbers beside bars.

import {expect, it} from 'vitest';
import {barLabels} from '../../src/render/bar-labels.ts';

it.each<[string, (number | null)[], string[]]>([
  ['means have four digits and equally many decimals', [76.32834, 72.7954, 8.5], ['76.33', '72.80', '8.50']],
  ['whole numbers stay whole', [14757, 9, 0], ['14,757', '9', '0']],
  ['decimals that no label needs go', [12.5, 3, 0.5], ['12.5', '3.0', '0.5']],
  ['sums lose their cents', [14757.67, -9389.31], ['14,758', '-9,389']],
  ['a small one never becomes 0', [900.5, 0.00123], ['900.5', '0.0012']],
  ['very large ones share a power', [1.00023e12, 9.998e11, 0], ['1.0002e12', '0.9998e12', '0']],
  ['very small ones too', [1e-12, 2.5e-12], ['1.0e-12', '2.5e-12']],
  ['what is missing is said', [null, 1.5], ['∅', '1.5']],
  ['nothing but zeros', [0, 0], ['0', '0']],
])('%s', (_, values, labels) => expect(barLabels(values)).toEqual(labels));
