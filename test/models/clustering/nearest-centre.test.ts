import {describe, expect, it} from 'vitest';
import {assignAll, CentreBounds} from '../../../src/models/clustering/nearest-centre.ts';
import type {Points} from '../../../src/models/clustering/standardise.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';
import {scaled} from './reference.ts';

describe('CentreBounds', () => {
  it.each(['iris', 'wine', 'blobs'])(
    '%s: after each of 60 moves of the centres the labels are those of comparing with all',
    name => {
      const points = scaled(name);
      const random = new Mt19937(3);
      const width = points.width;
      // Two centres begin at the same place: equally near ones too go to the first.
      const centres: Points = {values: points.values.slice(0, 6 * width), count: 6, width};
      centres.values.copyWithin(width, 0, width);
      const bounds = new CentreBounds(points.count);
      const labels = new Int32Array(points.count).fill(-1);
      const [expected, distances] = [new Int32Array(points.count), new Float64Array(points.count)];
      for (let move = 0; move < 60; move++) {
        const old = labels.slice();
        const changed = bounds.assign(points, centres, labels);
        assignAll(points, centres, expected, distances);
        expect(labels, `move ${move}`).toEqual(expected);
        expect(changed).toBe(labels.some((label, i) => label !== old[i]));
        const before = {...centres, values: centres.values.slice()};
        // Large steps and small ones by turns, and some centres that stay.
        const step = [0.5, 0.02, 0][move % 3] ?? 0;
        for (let at = 0; at < centres.values.length; at++)
          if (at % (2 * width) < width)
            centres.values[at] = (centres.values[at] ?? 0) + step * (random.nextDouble() - 0.5);
        bounds.follow(before, centres, labels);
      }
    },
  );
});
