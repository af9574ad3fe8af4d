// Every hypothesis test there is, one line each, by the shape of what it takes.

import {kendall, pearson, spearman} from '../correlate.ts';
import {normalLowerTail} from '../distributions/normal.ts';
import {type Counts, chiSquaredFit, chiSquaredIndependence, fisherExact} from './contingency.ts';
import {ksOneSample, ksTwoSamples} from './kolmogorov-smirnov.ts';
import {lilliefors} from './lilliefors.ts';
import {andersonDarling, dagostinoPearson, jarqueBera, shapiroWilk} from './normality.ts';
import {binomialTest, mcnemar, proportionZ} from './proportions.ts';
import {kruskalWallis, mannWhitney, wilcoxonSignedRank} from './rank-tests.ts';
import {friedman} from './repeated.ts';
import type {TestResult} from './result.ts';
import {oneSampleT, pairedT, studentT, welchT} from './t-tests.ts';
import {levene, oneWayAnova, welchAnova} from './variance-tests.ts';

/** `pairs` are two columns row by row, `repeated` several; `paired-table` counts two answers of the same rows; `two-samples` and `groups` are independent; NaN is a missing value everywhere. */
export type HypothesisTest =
  | {name: string; takes: 'sample'; run(values: Float64Array): TestResult}
  | {name: string; takes: 'sample-and-number'; run(values: Float64Array, expected: number): TestResult}
  | {name: string; takes: 'pairs' | 'two-samples'; run(first: Float64Array, second: Float64Array): TestResult}
  | {name: string; takes: 'groups' | 'repeated'; run(groups: readonly Float64Array[]): TestResult}
  | {name: string; takes: 'counts'; run(counts: readonly number[]): TestResult}
  | {name: string; takes: 'counts-and-number'; run(counts: readonly number[], expected: number): TestResult}
  | {name: string; takes: 'table' | 'paired-table'; run(table: Counts): TestResult};

export const HYPOTHESIS_TESTS: readonly HypothesisTest[] = [
  {name: 'welch_t', takes: 'two-samples', run: welchT},
  {name: 'student_t', takes: 'two-samples', run: studentT},
  {name: 'paired_t', takes: 'pairs', run: pairedT},
  {name: 'one_sample_t', takes: 'sample-and-number', run: oneSampleT},
  {name: 'mann_whitney', takes: 'two-samples', run: mannWhitney},
  {name: 'wilcoxon', takes: 'pairs', run: wilcoxonSignedRank},
  {name: 'kruskal_wallis', takes: 'groups', run: kruskalWallis},
  {name: 'anova', takes: 'groups', run: oneWayAnova},
  {name: 'welch_anova', takes: 'groups', run: welchAnova},
  {name: 'friedman', takes: 'repeated', run: friedman},
  {name: 'levene', takes: 'groups', run: levene},
  {name: 'ks_two_samples', takes: 'two-samples', run: ksTwoSamples},
  {name: 'ks_standard_normal', takes: 'sample', run: values => ksOneSample(values, normalLowerTail)},
  {name: 'chi2_independence', takes: 'table', run: chiSquaredIndependence},
  {name: 'chi2_fit', takes: 'counts', run: chiSquaredFit},
  {name: 'fisher_exact', takes: 'table', run: fisherExact},
  {name: 'mcnemar', takes: 'paired-table', run: mcnemar},
  {name: 'binomial', takes: 'counts-and-number', run: binomialTest},
  {name: 'proportion_z', takes: 'table', run: proportionZ},
  {name: 'lilliefors', takes: 'sample', run: lilliefors},
  {name: 'shapiro_wilk', takes: 'sample', run: shapiroWilk},
  {name: 'dagostino_pearson', takes: 'sample', run: dagostinoPearson},
  {name: 'anderson_darling', takes: 'sample', run: andersonDarling},
  {name: 'jarque_bera', takes: 'sample', run: jarqueBera},
  {name: 'pearson', takes: 'pairs', run: pearson},
  {name: 'spearman', takes: 'pairs', run: spearman},
  {name: 'kendall', takes: 'pairs', run: kendall},
];
