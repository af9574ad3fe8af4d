// What a kept model says of rows. All of it runs in a thread of its own.

import {type RawColumn, rawRowsBetween} from '../../models/raw-columns.ts';
import {featuresOf} from '../../models/recipe.ts';
import type {LoadedModel} from '../training/model-file.ts';

/** The features made of more rows would take more memory than the rows themselves. */
const rowsAtOnce = 8_192;

/** `probabilities[k][i]` for classes, null for numbers; `predicted[i]` is a number or the place of a class. */
export type Scores = {predicted: Float64Array; probabilities: Float64Array[] | null};

/** What the model says of these rows; each column of `content.inputs` is among them. */
export function scoresOf({content, model}: LoadedModel, columns: readonly RawColumn[], rows: number): Scores {
  const features = featuresOf(content.recipe, columns, rows);
  return {predicted: model.predict(features), probabilities: model.probabilities?.(features) ?? null};
}

/** The same as `scoresOf`, some thousand rows at a time. */
export function scoresInParts(loaded: LoadedModel, columns: readonly RawColumn[], rows: number): Scores {
  const predicted = new Float64Array(rows);
  const {classes} = loaded.content;
  const probabilities = loaded.model.probabilities ? classes.map(() => new Float64Array(rows)) : null;
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const to = Math.min(rows, from + rowsAtOnce);
    const part = scoresOf(loaded, rawRowsBetween(columns, from, to), to - from);
    predicted.set(part.predicted, from);
    part.probabilities?.forEach((shares, k) => {
      probabilities?.[k]?.set(shares, from);
    });
  }
  return {predicted, probabilities};
}
