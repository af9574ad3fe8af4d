// What is computed of the columns of a dataset, by name: a reader of them and plain data in, plain data out.

import {analyzeTimeSeries, type TimeSeriesAnswer, type TimeSeriesRequest} from '../../analysis/analyze-time-series.ts';
import {checkDistribution} from '../../analysis/check-distribution.ts';
import type {Reader, Selection} from '../../analysis/column-values.ts';
import {type CorrelateRequest, type Correlations, correlateColumns} from '../../analysis/correlate-columns.ts';
import {type Regression, type RegressRequest, regressColumns} from '../../analysis/regress.ts';
import {distributionSummary, distributionTable} from '../distribution-text.ts';
import {type Answer, type TestQuestion, testAnswer} from './test-answer.ts';

type Asked<Request> = {selection: Selection; request: Request};

type Analyses = {
  correlations: {asked: Asked<CorrelateRequest>; answer: Correlations};
  distribution: {asked: Asked<Parameters<typeof checkDistribution>[2]>; answer: Answer};
  regression: {asked: Asked<RegressRequest>; answer: Regression};
  series: {asked: Asked<TimeSeriesRequest>; answer: TimeSeriesAnswer};
  test: {asked: Asked<TestQuestion>; answer: Answer};
};

export type AnalysisName = keyof Analyses;
export type AnalysisAsked<Name extends AnalysisName> = Analyses[Name]['asked'];
export type AnalysisAnswer<Name extends AnalysisName> = Analyses[Name]['answer'];

/** The signal ends what runs on the thread of the chat; a thread of its own is ended as a whole. */
export const ANALYSES: {
  [Name in AnalysisName]: (
    reader: Reader,
    asked: AnalysisAsked<Name>,
    signal?: AbortSignal,
  ) => Promise<AnalysisAnswer<Name>>;
} = {
  correlations: (reader, {selection, request}, signal) => correlateColumns(reader, selection, request, signal),
  async distribution(reader, {selection, request}, signal) {
    const found = await checkDistribution(reader, selection, request, signal);
    return {summary: distributionSummary(found), table: distributionTable(found), n: found.shape.n};
  },
  regression: (reader, {selection, request}) => regressColumns(reader, selection, request),
  series: (reader, {selection, request}, signal) => analyzeTimeSeries(reader, selection, request, signal),
  test: (reader, {selection, request}) => testAnswer(reader, selection, request),
};
