// The commands that relate columns and look for structure in data, as lines of the table of slash commands.

import type {SlashCommand} from '../slash.ts';

export const analysisCommands: readonly SlashCommand[] = [
  {
    name: 'correlate',
    args: '[COLUMN …] [with COLUMN]',
    about: 'all pairs of columns, or each with one; also spearman, kendall',
    run: async (args, app, signal) => (await import('./analysis.ts')).correlate(args, app, signal),
    completes: ['columns', 'datasets'],
    words: ['with', 'pearson', 'spearman', 'kendall', 'where'],
  },
  {
    name: 'test',
    args: 'VALUE [by GROUP | with OTHER | mu NUMBER] [TEST]',
    about: 'the hypothesis test that fits, or the one named, with effect and interval',
    run: async (args, app, signal) => (await import('./analysis.ts')).test(args, app, signal),
    completes: ['columns', 'datasets'],
    words: ['with', 'where', 'less', 'greater'],
  },
  {
    name: 'cluster',
    args: '[METHOD] [COLUMN …] [k NUMBER]',
    about: 'group similar rows by number columns and say what sets each group apart',
    run: async (args, app, signal) => (await import('./cluster.ts')).cluster(args, app, signal),
    completes: ['columns', 'datasets'],
    words: ['k', 'kmeans', 'hierarchical', 'dbscan', 'hdbscan', 'in', 'to', 'where'],
  },
  {
    name: 'anomalies',
    args: '[lof] [COLUMN …]',
    about: 'the rows most unlike the others, each with the columns that make it so',
    run: async (args, app, signal) => (await import('./cluster.ts')).anomalies(args, app, signal),
    completes: ['columns', 'datasets'],
    words: ['lof', 'in', 'to', 'where'],
  },
  {
    name: 'reduce',
    args: '[umap] [COLUMN …] [by CATEGORY]',
    about: 'principal components: what the columns have in common, and a picture of the rows; or the picture of UMAP',
    run: async (args, app, signal) => (await import('./reduce.ts')).reduce(args, app, signal),
    completes: ['columns', 'datasets'],
    words: ['umap', 'by', 'in', 'to', 'where'],
  },
  {
    name: 'forecast',
    args: '[VALUE] [STEPS] [by UNIT]',
    about: 'the next values of a series, by the method that did best in the past, with limits',
    run: async (args, app, signal) => (await import('./forecast.ts')).forecast(args, app, signal),
    completes: ['columns', 'datasets'],
    words: ['by', 'with', 'in', 'to', 'where', 'day', 'week', 'month'],
  },
];
