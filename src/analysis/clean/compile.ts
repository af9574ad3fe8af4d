// Every cleaning step by its name, one line each.

import {addDateParts, cast, derive, dropColumns, rename, snakeNames} from './columns.ts';
import {frequency, oneHot, ordinal} from './encode.ts';
import {fill} from './fill.ts';
import {bin, outliers, scale} from './numbers.ts';
import {dropDuplicates, dropMissing, filter} from './rows.ts';
import {
  type CleaningAction,
  type CleaningStep,
  type Compile,
  type CompiledStep,
  type Relation,
  stepInput,
} from './step.ts';
import {changeCase, lumpRare, mapValues, mergeSpellings, replace, trim} from './values.ts';

const steps: Record<CleaningAction, Compile> = {
  drop_missing: dropMissing,
  fill,
  drop_duplicates: dropDuplicates,
  filter,
  trim,
  case: changeCase,
  replace,
  map: mapValues,
  merge_spellings: mergeSpellings,
  lump_rare: lumpRare,
  cast,
  date_parts: addDateParts,
  rename,
  snake_names: snakeNames,
  drop_columns: dropColumns,
  derive,
  cap_outliers: outliers,
  drop_outliers: outliers,
  flag_outliers: outliers,
  scale,
  bin,
  one_hot: oneHot,
  ordinal,
  frequency,
};

/** @throws ToolError `clean.*`, `analysis.unknown_column` */
export async function compileStep(step: CleaningStep, relation: Relation): Promise<CompiledStep> {
  return steps[step.do](stepInput(step, relation));
}
