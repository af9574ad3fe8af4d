// What is computed in a thread of its own, by name: plain data in, plain data out.

import {type Anomalies, type AnomalyInput, findAnomalies} from '../../models/anomaly/find-anomalies.ts';
import {type Clustered, type ClusterInput, clusterRows} from '../../models/clustering/cluster-rows.ts';
import {type Category, type ClusterProfile, profileClusters} from '../../models/clustering/profile.ts';
import {type Forecasted, type ForecastInput, forecast} from '../../models/forecasting/forecast.ts';
import {type Reduced, type ReduceInput, reduceRows} from '../../models/reduction/reduce-rows.ts';
import {type UmapInput, type Umapped, umapRows} from '../../models/reduction/umap.ts';
import {
  type DependenceInput,
  type Dependences,
  dependenceOfKept,
  type Evaluated,
  type EvaluateInput,
  evaluateKept,
  explainRowOfKept,
  type ImportanceInput,
  type Importances,
  importanceOfKept,
  type RowExplained,
  type RowInput,
} from '../applying/ask-model.ts';

export type Report = (text: string) => void;

type Described = {names: readonly string[]; categories: readonly Category[]};
export type Profiled = Clustered & {profiles: ClusterProfile[]};

type Jobs = {
  anomalies: {input: AnomalyInput; result: Anomalies};
  cluster: {input: ClusterInput & Described; result: Profiled};
  dependence: {input: DependenceInput; result: Dependences};
  evaluate: {input: EvaluateInput; result: Evaluated};
  forecast: {input: ForecastInput; result: Forecasted};
  importance: {input: ImportanceInput; result: Importances};
  reduce: {input: ReduceInput; result: Reduced};
  row: {input: RowInput; result: RowExplained};
  umap: {input: UmapInput; result: Umapped};
};

export type JobName = keyof Jobs;
export type JobInput<Name extends JobName> = Jobs[Name]['input'];
export type JobResult<Name extends JobName> = Jobs[Name]['result'];

export const JOBS: {
  [Name in JobName]: (input: JobInput<Name>, report: Report) => JobResult<Name> | Promise<JobResult<Name>>;
} = {
  anomalies: findAnomalies,
  cluster: (input, report) => {
    const found = clusterRows(input, report);
    const profiles = profileClusters(found.labels, found.clusters, input.columns, input.names, input.categories);
    return {...found, profiles};
  },
  dependence: dependenceOfKept,
  evaluate: evaluateKept,
  forecast,
  importance: importanceOfKept,
  reduce: reduceRows,
  row: explainRowOfKept,
  umap: umapRows,
};
