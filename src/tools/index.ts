// Every tool a model can call, one line each.

import type {Tool} from '../core/tool.ts';
import {aggregateTool} from './aggregate.ts';
import {analyzeTextTool} from './analyze-text.ts';
import {analyzeTimeSeriesTool} from './analyze-time-series.ts';
import type {Catalog} from './catalog.ts';
import {drawChart} from './chart.ts';
import {checkDistributionTool} from './check-distribution.ts';
import {cleanData} from './clean.ts';
import {clusterTool} from './cluster.ts';
import {correlate} from './correlate.ts';
import {describeDataset, listDatasets} from './datasets.ts';
import {evaluateModelTool} from './evaluate-model.ts';
import {explainModelTool} from './explain-model.ts';
import {forecastTool} from './forecast.ts';
import {importFileTool} from './import.ts';
import {suggestNextSteps} from './next-steps.ts';
import {predictTool} from './predict.ts';
import {checkQualityTool} from './quality.ts';
import {reduceTool} from './reduce.ts';
import {regress} from './regress.ts';
import {runSql} from './sql.ts';
import {testHypothesis} from './test-hypothesis.ts';
import {trainModel} from './train-model.ts';

export type ToolOptions = {catalog: Catalog; limitBytes: number; terminalWidth(): number};

export function createTools({catalog, limitBytes, terminalWidth}: ToolOptions): Tool[] {
  const charts = {workspace: catalog.workspace, terminalWidth};
  return [
    listDatasets(catalog),
    describeDataset(catalog),
    runSql(catalog),
    aggregateTool(catalog),
    drawChart(catalog, charts),
    correlate(catalog, charts),
    testHypothesis(catalog),
    checkDistributionTool(catalog),
    regress(catalog),
    analyzeTimeSeriesTool(catalog),
    analyzeTextTool(catalog),
    checkQualityTool(catalog),
    cleanData(catalog),
    trainModel(catalog, charts),
    predictTool(catalog),
    evaluateModelTool(catalog, charts),
    explainModelTool(catalog, charts),
    clusterTool(catalog, charts),
    forecastTool(catalog, charts),
    reduceTool(catalog, charts),
    importFileTool(catalog, {limitBytes}),
    suggestNextSteps(),
  ];
}
