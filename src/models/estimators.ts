// Every model there is, one line each: the quick ones first, since training may run out of time.

import {dummyMean, dummyPrior} from './dummy.ts';
import {elasticNet, lasso} from './elastic-net.ts';
import type {Estimator, Task} from './estimator.ts';
import {linearRegression, ridgeRegression} from './linear.ts';
import {logisticRegression} from './logistic.ts';
import {multinomialNaiveBayes} from './multinomial-bayes.ts';
import {gaussianNaiveBayes} from './naive-bayes.ts';
import {neighboursClassifier, neighboursRegressor} from './neighbours.ts';
import {onLog} from './on-log.ts';
import {loadStack, stackOf} from './stack.ts';
import {boostingClassifier, boostingRegressor} from './trees/boosting.ts';
import {
  extraTreesClassifier,
  extraTreesRegressor,
  randomForestClassifier,
  randomForestRegressor,
  treeClassifier,
  treeRegressor,
} from './trees/forest.ts';

const single: readonly Estimator[] = [
  dummyMean,
  dummyPrior,
  linearRegression,
  ridgeRegression,
  lasso,
  elasticNet,
  onLog(ridgeRegression),
  logisticRegression,
  gaussianNaiveBayes,
  multinomialNaiveBayes,
  treeRegressor,
  treeClassifier,
  boostingRegressor,
  boostingClassifier,
  onLog(boostingRegressor),
  neighboursRegressor,
  neighboursClassifier,
  randomForestRegressor,
  randomForestClassifier,
  extraTreesRegressor,
  extraTreesClassifier,
];

export const ESTIMATORS: readonly Estimator[] = [
  ...single,
  stack('regression', [ridgeRegression, treeRegressor]),
  stack('classification', [logisticRegression, treeClassifier]),
];

/** Equal parts of these where nothing else was learnt; a kept one may be of any models. */
function stack(task: Task, members: readonly Estimator[]): Estimator {
  const known = single.filter(each => each.task === task);
  const equal = members.map(estimator => ({estimator, settings: {}, weight: 1 / members.length}));
  return {...stackOf(task, equal), composed: true, load: parameters => loadStack(parameters, known)};
}
