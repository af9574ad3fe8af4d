// Every model there is, one line each: the quick ones first, since training may run out of time.

import {dummyMean, dummyPrior} from './dummy.ts';
import type {Estimator} from './estimator.ts';
import {linearRegression, ridgeRegression} from './linear.ts';
import {logisticRegression} from './logistic.ts';
import {gaussianNaiveBayes} from './naive-bayes.ts';
import {boostingClassifier, boostingRegressor} from './trees/boosting.ts';
import {
  extraTreesClassifier,
  extraTreesRegressor,
  randomForestClassifier,
  randomForestRegressor,
  treeClassifier,
  treeRegressor,
} from './trees/forest.ts';

export const ESTIMATORS: readonly Estimator[] = [
  dummyMean,
  dummyPrior,
  linearRegression,
  ridgeRegression,
  logisticRegression,
  gaussianNaiveBayes,
  treeRegressor,
  treeClassifier,
  boostingRegressor,
  boostingClassifier,
  randomForestRegressor,
  randomForestClassifier,
  extraTreesRegressor,
  extraTreesClassifier,
];
