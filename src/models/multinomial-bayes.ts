// Multinomial naive Bayes: each class has its own shares of the counts, such as how often which word is used.

import {z} from 'zod';
import type {Columns} from '../core/least-squares.ts';
import {type Estimator, type FittedModel, likeliestClass, requireRows, rowCountOf} from './estimator.ts';
import {normalised} from './naive-bayes.ts';

const parametersSchema = z.object({
  classes: z.array(z.object({share: z.number(), logs: z.array(z.number().nullable())})).min(1),
});
/** `share` of the rows, and the logarithm of each feature's share of the counts; null for a feature that takes no part. */
export type MultinomialParameters = z.output<typeof parametersSchema>;

/**
 * Multinomial naive Bayes (scikit-learn: `MultinomialNB(alpha)`) on counts or TF-IDF. A feature that is below 0 in any row
 * it learns from is no count and takes no part, where scikit-learn refuses the whole.
 */
export const multinomialNaiveBayes: Estimator = {
  name: 'multinomial_bayes',
  task: 'classification',
  describes: 'the class whose words are most like those of the row',
  baseline: false,
  takesWeights: true,
  tunes: [{alpha: 0.1}, {alpha: 0.01}],
  suits: features => (features.every(isCount) && features.some(isMoreThanYesNo) ? null : 'it needs words or counts'),
  fit(input, {alpha = 1} = {}) {
    requireRows(input);
    const {features, target, classCount, weights} = input;
    const counts = Array.from({length: classCount}, () => new Float64Array(features.length));
    const rows = new Float64Array(classCount);
    for (let i = 0; i < target.length; i++) rows[target[i] ?? 0] = (rows[target[i] ?? 0] ?? 0) + (weights?.[i] ?? 1);
    const takesPart = features.map(isCount);
    features.forEach((column, j) => {
      if (!takesPart[j]) return;
      for (let i = 0; i < column.length; i++) {
        const value = column[i] ?? 0;
        const own = value === 0 ? undefined : counts[target[i] ?? 0];
        if (own) own[j] = (own[j] ?? 0) + value * (weights?.[i] ?? 1);
      }
    });
    const all = rows.reduce((sum, count) => sum + count, 0);
    const parts = takesPart.filter(Boolean).length;
    const classes = counts.map((own, k) => {
      const total = Math.log(own.reduce((sum, count) => sum + count, 0) + alpha * parts);
      return {
        share: (rows[k] ?? 0) / all,
        logs: Array.from(own, (count, j) => (takesPart[j] ? Math.log(count + alpha) - total : null)),
      };
    });
    return multinomialModel({classes});
  },
  load: parameters => multinomialModel(parametersSchema.parse(parameters)),
};

/** Nothing missing, nothing below 0. */
function isCount(column: Float64Array): boolean {
  return column.every(value => value >= 0);
}

function isMoreThanYesNo(column: Float64Array): boolean {
  return column.some(value => value !== 0 && value !== 1);
}

function multinomialModel(parameters: MultinomialParameters): FittedModel {
  const probabilities = (features: Columns): Float64Array[] =>
    normalised(
      parameters.classes.map(({share, logs}) => {
        const sums = new Float64Array(rowCountOf(features)).fill(Math.log(share));
        features.forEach((column, j) => {
          const log = logs[j] ?? 0;
          for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (column[i] ?? 0) * log;
        });
        return sums;
      }),
    );
  const width = parameters.classes[0]?.logs.length ?? 0;
  return {width, parameters, probabilities, predict: features => likeliestClass(probabilities(features))};
}
