import {describe, expect, it} from 'vitest';
import {questionTitle, saidAnew} from '../../../src/cli/report/findings-section.ts';
import {headlineOf} from '../../../src/cli/report/headlines.ts';
import type {Result} from '../../../src/cli/report/result-blocks.ts';

const result = (tool: string, ...lines: string[]): Result => ({
  ok: true,
  summary: lines.join('\n'),
  receipt: {id: 2, tool, args: {}, datasets: [], rowsRead: 0, sampled: false, ms: 1},
});
const trained = (first: string, second: string, best = 'Best: boosting.') =>
  result(
    'train_model',
    'sales v1: 900 rows × 6 columns. Target price, a number; 900 rows.',
    best,
    `On 180 rows held out from the choice: rmse ${first}, mae 1.5, r2 0.812345; baseline: rmse ${second}, mae 4, r2 -0.01.`,
  );
const cluster =
  'sales v1: 900 rows × 6 columns. k-means: 2 clusters of 880 rows by a, b, each scaled to mean 0 and sd 1.';

describe('the headline of a result', () => {
  it.each([
    [
      'a test begins with its verdict and names the extreme means',
      result(
        'test_hypothesis',
        "Welch's ANOVA: F = 52.3441, df = 4, 1,983, p = 5.7e-42; n = 882, 600 and 715; significant at the 5 % level.",
        '| sample | n | mean |',
        '| --- | ---: | ---: |',
        '| North | 882 | 43.94 |',
        '| Coast | 600 | 69.02 |',
        '| East | 715 | 39.44 |',
      ),
      "significant at the 5 % level (Welch's ANOVA: F = 52.34, df = 4, 1,983, p = 5.7e-42); mean highest in Coast (69.02), lowest in East (39.44)",
    ],
    [
      'a test that found nothing names no means, as if they differed',
      result(
        'test_hypothesis',
        't-test: t = 0.5, df = 8, p = 0.631; n = 5 and 5; no evidence of a difference or relation at the 5 % level.',
        '| sample | n | mean |',
        '| --- | ---: | ---: |',
        '| a | 5 | 1 |',
        '| b | 5 | 2 |',
      ),
      'no evidence of a difference or relation at the 5 % level (t-test: t = 0.5, df = 8, p = 0.631)',
    ],
    [
      'a correlation names its strongest pair',
      result('correlate', '3 pairs:', '- a ~ b: pearson 0.69 [0.6, 0.7], n = 40, p = 1.0e-5, adjusted p = 3.0e-5'),
      'most of all a and b (pearson 0.69 [0.6, 0.7], n = 40, adjusted p = 3.0e-5)',
    ],
    [
      'a correlation that may be chance says so',
      result('correlate', '3 pairs:', '- a ~ b: pearson -0.05 [-0.2, 0.1], n = 40, p = 0.332, adjusted p = 0.601'),
      'no pair goes together beyond chance; the strongest is a and b (pearson -0.05 [-0.2, 0.1], n = 40, adjusted p = 0.601)',
    ],
    [
      'a model learnt on a logarithm says so between commas',
      trained('2.5', '5', 'Best: log_ridge, learnt on log(price).'),
      'log_ridge, learnt on log(price), predicts price better than the baseline: on 180 rows held out rmse 2.5 (baseline 5), r2 0.8123 (baseline -0.01)',
    ],
    [
      'a model stands beside its baseline, in the measure that chose it and the one people know',
      trained('2.14159', '5.5'),
      'boosting predicts price better than the baseline: on 180 rows held out rmse 2.142 (baseline 5.5), r2 0.8123 (baseline -0.01)',
    ],
    [
      'a model that lost on the rows held out is not praised',
      trained('6', '5.5'),
      'boosting predicts price not better than the baseline, so do not rely on it: on 180 rows held out rmse 6 (baseline 5.5), r2 0.8123 (baseline -0.01)',
    ],
    [
      'weak clusters are called weak',
      result('cluster', cluster, 'Mean silhouette 0.2147; 0 is no clusters. These are weak. Inertia 19,370.1.'),
      'k-means: 2 clusters of 880 rows by a, b; mean silhouette 0.2147; 0 is no clusters. These are weak.',
    ],
    [
      'a forecast tells its ends and its peak with their limits',
      result(
        'forecast',
        'No method did better than the baseline naive, so it is the forecast. In the backtest …',
        '| date | forecast | lower | upper |',
        '| --- | ---: | ---: | ---: |',
        '| 2025-01 | 10 | 5 | 15 |',
        '| 2025-02 | 30 | 20 | 40 |',
        '| 2025-03 | 20 | 10 | 30 |',
      ),
      'next 10 at 2025-01 (5 to 15); highest 30 at 2025-02 (20 to 40); last 20 at 2025-03 (10 to 30); no method did better than the baseline naive, so it is the forecast',
    ],
    [
      'what is known of no tool is its first sentence, without the dataset',
      result('drift', 'sales v1: 900 rows × 6 columns. Nothing drifted.', 'More.'),
      'Nothing drifted.',
    ],
  ])('%s', (_, given, told) => {
    expect(headlineOf(given)).toBe(told);
  });
});

describe('what was asked', () => {
  it.each([
    ['/cluster', 'Groups of similar rows'],
    ['/train price', 'A model of price'],
    ['/models evaluate roc', 'How good the model is: roc'],
    ['/models evaluate', 'How good the model is'],
    ['/test price by region', 'Test price by region'],
    ['does price differ?', 'Does price differ?'],
    ['temperature_c by region', 'temperature_c by region'],
  ])('%s is headed "%s"', (question, title) => {
    expect(questionTitle({question, results: []})).toBe(title);
  });

  it('of a chart is its title, not the command', () => {
    const drawn: Result = {...result('draw_chart', ''), artifacts: [{kind: 'chart', title: 'price by region'}]};
    expect(questionTitle({question: '/chart box price by region', results: [drawn]})).toBe('Price by region');
  });
});

describe('an answer of the embedded analyst', () => {
  const finding = {question: 'q', results: [result('regress', 'R² 0.7', 'Intervals are 95 %.')], failed: false};

  it('keeps what the result does not say, shortened as results are', () => {
    const answer = 'R² 0.7\nIntervals are 95 %.\nIt rose from 1,616.594 to 3,308.18 (+105 %).\nRead as: price.';
    expect(saidAnew({...finding, answer, byRules: true})).toBe('It rose from 1,617 to 3,308.\nRead as: price.');
  });

  it('is cut, that of a model is not', () => {
    expect(saidAnew({...finding, answer: 'R² 0.7', byRules: true})).toBe('');
    expect(saidAnew({...finding, answer: 'R² 0.7', byRules: false})).toBe('R² 0.7');
  });
});
