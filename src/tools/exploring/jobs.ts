// What is computed in a thread of its own, by name: plain data in, plain data out.

import {type Anomalies, type AnomalyInput, findAnomalies} from '../../models/anomaly/find-anomalies.ts';
import {type Clustered, type ClusterInput, clusterRows} from '../../models/clustering/cluster-rows.ts';
import {type Forecasted, type ForecastInput, forecast} from '../../models/forecasting/forecast.ts';
import {type Reduced, type ReduceInput, reduceRows} from '../../models/reduction/reduce-rows.ts';
import {type UmapInput, type Umapped, umapRows} from '../../models/reduction/umap.ts';
import {type JudgeInput, type Judgement, judge} from '../applying/judge.ts';

export type Report = (text: string) => void;

type Jobs = {
  anomalies: {input: AnomalyInput; result: Anomalies};
  cluster: {input: ClusterInput; result: Clustered};
  forecast: {input: ForecastInput; result: Forecasted};
  judge: {input: JudgeInput; result: Judgement};
  reduce: {input: ReduceInput; result: Reduced};
  umap: {input: UmapInput; result: Umapped};
};

export type JobName = keyof Jobs;
export type JobInput<Name extends JobName> = Jobs[Name]['input'];
export type JobResult<Name extends JobName> = Jobs[Name]['result'];

export const JOBS: {[Name in JobName]: (input: JobInput<Name>, report: Report) => JobResult<Name>} = {
  anomalies: findAnomalies,
  cluster: clusterRows,
  forecast,
  judge,
  reduce: reduceRows,
  umap: umapRows,
};
