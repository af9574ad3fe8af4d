// The charts of an evaluation by name, apart from what draws them, which is loaded when one is drawn.

export const evaluationCharts = ['roc', 'pr', 'calibration', 'residuals', 'qq'] as const;
export type EvaluationChart = (typeof evaluationCharts)[number];
