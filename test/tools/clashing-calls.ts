// Calls of every tool over a table of twelve columns, whatever these are called: `clashing-names.ts` says what each column holds.

export type Call = [tool: string, args: Record<string, unknown>];

/** The calls for a dataset with these column names. `earlier` has the same columns and other rows. */
export function callsFor(dataset: string, earlier: string, names: readonly string[]): Call[] {
  const [ties, number, colour, answer, truth, day, lonely, words, target, line, moment, town] = names as Twelve;
  const q = (name: string) => `"${name}"`;
  const [ties_, number_, colour_, day_, line_] = [ties, number, colour, day, line].map(q);
  const where = `${line_} > 3 AND ${colour_} IS NOT NULL`;
  const rows = `SELECT * FROM ${q(dataset)}`;
  const on = (call: Call): Call => [call[0], {dataset, ...call[1]}];
  const clean = (...steps: object[]): Call => ['clean_data', {steps}];
  const draw = (mark: string, args: object): Call => ['draw_chart', {mark, sql: rows, ...args}];
  const points = `SELECT ${day_}, ${colour_}, ${line_}, ${ties_} FROM ${q(dataset)} ORDER BY ${day_}, ${line_}, ${colour_}`;
  const calls: Call[] = [
    ['describe_dataset', {}],
    ['describe_dataset', {columns: [number, town]}],
    ['check_quality', {}],
    ['check_quality', {compare_to: 'halves'}],
    ['check_quality', {compare_to: earlier}],
    ['check_quality', {must_hold: [`${ties_} > 2`, `${colour_} <> 'red'`]}],
    ['correlate', {}],
    ['correlate', {where}],
    ['correlate', {target}],
    ['correlate', {target: colour}],
    ...['pearson', 'spearman', 'kendall'].map((method): Call => ['correlate', {method}]),
    ['correlate', {columns: [colour, answer, truth, town, words]}],
    ['test_hypothesis', {value: number, group: colour}],
    ['test_hypothesis', {value: number, group: colour, where}],
    ['test_hypothesis', {value: number, group: answer}],
    ['test_hypothesis', {value: ties, group: answer, test: 'mann_whitney'}],
    ['test_hypothesis', {value: number, paired_with: line}],
    ['test_hypothesis', {value: number, mu: 20}],
    ['test_hypothesis', {value: colour, group: answer}],
    ['test_hypothesis', {value: colour}],
    ['test_hypothesis', {value: target, group: answer, test: 'ab'}],
    ['test_hypothesis', {value: truth, paired_with: answer, test: 'mcnemar'}],
    ['test_hypothesis', {value: number, more: [line, ties], group: colour}],
    ['test_hypothesis', {value: number, more: [line, lonely]}],
    ['check_distribution', {column: number}],
    ['check_distribution', {column: ties, families: ['poisson', 'normal']}],
    ['check_distribution', {column: colour}],
    ['regress', {target: number, features: [line, colour], family: 'linear'}],
    ['regress', {target: number, features: [`${line}*${answer}`, `${ties}^2`], family: 'linear', robust: true, where}],
    ['regress', {target: number, features: [line, truth], family: 'linear', cluster: colour, at: [`${line}=30`]}],
    ['regress', {target, features: [line, colour], family: 'logistic'}],
    ['analyze_time_series', {time: day, value: line}],
    ['analyze_time_series', {time: day, value: number, every: 'week', combine: 'median'}],
    ['analyze_time_series', {time: moment, every: 'day'}],
    ['analyze_time_series', {time: ties, value: line, where}],
    ['analyze_text', {column: words}],
    ['analyze_text', {column: words, group: colour}],
    ['analyze_text', {column: words, find: 'cat', ngrams: 2, group: answer}],
    ['analyze_text', {column: words, regex: '([a-z]+)', where}],
    ['aggregate', {measures: each('mean', number, 'count', undefined), group_by: [colour]}],
    [
      'aggregate',
      {measures: each('sum', line, 'median', number, 'nunique', town), group_by: [colour, answer], totals: true},
    ],
    ['aggregate', {measures: each('sum', line), group_by: [answer], pivot: colour, totals: true}],
    ['aggregate', {measures: each('mean', line), pivot: truth}],
    [
      'aggregate',
      {measures: each('sum', line, 'std', number), time_column: day, unit: 'week', add: ['share', 'running', 'change']},
    ],
    [
      'aggregate',
      {measures: each('max', ties), time_column: moment, unit: 'day', group_by: [colour], add: ['running', 'change']},
    ],
    ['aggregate', {measures: each('q1', number), group_by: [town], where, top: 2}],
    ['aggregate', {measures: each('count', undefined), group_by: [ties], add: ['share']}],
    clean({do: 'drop_missing'}, {do: 'drop_duplicates'}),
    clean({do: 'drop_duplicates', columns: [colour, answer]}),
    clean(
      {do: 'fill', columns: [ties, number], value: 'median', by: colour},
      {do: 'fill', columns: [colour], value: 'mode'},
    ),
    clean({do: 'fill', columns: [colour], value: 'mode', by: answer}, {do: 'fill', columns: [ties], value: 'mean'}),
    clean(
      {do: 'fill', columns: [ties], value: 'forward', by: day},
      {do: 'fill', columns: [number], value: 'backward', by: moment},
    ),
    clean({do: 'fill', columns: [ties, number], value: 'knn'}),
    clean({do: 'fill', columns: [ties, number], value: 'iterative'}),
    clean({do: 'filter', sql: where}, {do: 'trim'}, {do: 'case', columns: [town], value: 'lower'}),
    clean(
      {do: 'map', columns: [colour], map: [{from: 'red', to: 'rot'}]},
      {do: 'replace', columns: [town], value: 'a', to: 'o'},
    ),
    clean({do: 'merge_spellings', columns: [town]}, {do: 'lump_rare', columns: [town, colour], value: '0.2'}),
    clean({do: 'ordinal', columns: [colour, answer]}, {do: 'frequency', columns: [town, ties]}),
    clean({do: 'one_hot', columns: [colour, town]}),
    clean({do: 'cap_outliers', columns: [lonely, number]}, {do: 'flag_outliers', columns: [lonely], value: 'mad'}),
    clean({do: 'drop_outliers', columns: [lonely, number], value: 'z'}),
    clean({do: 'scale', columns: [number, line]}, {do: 'scale', columns: [lonely], value: 'robust'}),
    clean({do: 'bin', columns: [number], value: 'quantile 3'}, {do: 'bin', columns: [line], value: 'width 4'}),
    clean({do: 'date_parts', columns: [day], value: 'month, weekday'}, {do: 'cast', columns: [ties], value: 'VARCHAR'}),
    clean(
      {do: 'derive', to: 'made by us', sql: `${line_} * 2 + coalesce(${ties_}, 0)`},
      {do: 'drop_columns', columns: [words]},
    ),
    [
      'clean_data',
      {
        steps: [
          {do: 'fill', columns: [ties, number], value: 'median'},
          {do: 'cap_outliers', columns: [lonely]},
          {do: 'drop_duplicates'},
          {do: 'trim'},
        ],
        apply: true,
      },
    ],
    ['run_sql', {sql: `SELECT ${colour_}, avg(${number_}), count(*) FROM ${q(dataset)} GROUP BY 1 ORDER BY 1`}],
    ['run_sql', {sql: `SELECT * FROM ${q(dataset)} ORDER BY ${line_}`, max_rows: 5}],
    [
      'run_sql',
      {sql: `SELECT count(*), avg(a.${line_}) FROM ${q(dataset)} a JOIN ${q(earlier)} b ON a.${ties_} = b.${ties_}`},
    ],
    ['run_sql', {sql: `SELECT count(*) FROM ${q(dataset)} a JOIN ${q(earlier)} b USING (${colour_}, ${ties_})`}],
    [
      'run_sql',
      {
        sql: `PIVOT (SELECT ${colour_}, ${answer_(answer)}, ${line_} FROM ${q(dataset)}) ON ${colour_} USING sum(${line_}) ORDER BY ALL`,
      },
    ],
    ['run_sql', {sql: `SELECT ${colour_}, avg(${truth_(truth)}::INT) FROM ${q(dataset)} GROUP BY 1 ORDER BY 1`}],
    draw('histogram', {x: number}),
    draw('histogram', {x: number, group: colour}),
    draw('histogram', {x: ties, facet: answer}),
    draw('histogram', {x: day}),
    draw('ecdf', {x: number, group: colour}),
    draw('ecdf', {x: lonely}),
    draw('qq', {x: number}),
    draw('box', {x: colour, y: number}),
    draw('box', {y: lonely}),
    draw('violin', {x: colour, y: number}),
    draw('heatmap', {x: colour, group: answer, y: number}),
    draw('heatmap', {x: colour, group: town}),
    draw('heatmap', {x: day, group: colour}),
    draw('correlation', {}),
    draw('missing', {}),
    draw('pairs', {}),
    draw('pairs', {group: colour}),
    draw('scatter', {sql: points, x: line, y: ties, group: colour}),
    draw('line', {sql: points, x: day, y: line, facet: colour}),
    draw('area', {sql: points, x: day, y: line}),
    draw('bar', {
      sql: `SELECT ${colour_}, sum(${line_}) AS "${names[1]}" FROM ${q(dataset)} GROUP BY ALL ORDER BY ALL`,
      x: colour,
      y: number,
    }),
  ];
  return calls.map(on).map(([tool, args]) => {
    const {dataset: named, ...rest} = args;
    return ['run_sql', 'draw_chart'].includes(tool) ? [tool, rest] : [tool, {dataset: named, ...rest}];
  });
}

/** Calls that train or compute in threads; `model` names the model that the call before has kept. */
export function modelCallsFor(dataset: string, names: readonly string[]): Call[] {
  const [, number, colour, answer, , day, lonely, , target, line] = names as Twelve;
  const calls: Call[] = [
    ['cluster', {columns: [number, line, lonely], k: 3}],
    ['cluster', {method: 'isolation_forest', columns: [number, line]}],
    ['cluster', {method: 'lof', columns: [lonely, line]}],
    ['reduce', {columns: [number, line, lonely], by: colour}],
    ['forecast', {time: day, value: line, steps: 3}],
    ['train_model', {target: colour, features: [number, line, answer], models: ['linear']}],
    ['explain_model', {model: 'latest', row: 2}],
    ['evaluate_model', {model: 'latest', by: answer}],
    ['predict', {model: 'latest'}],
    ['train_model', {target, features: [number, colour], models: ['tree']}],
    ['evaluate_model', {model: 'latest', by: colour}],
    ['train_model', {target: line, features: [number, lonely], models: ['linear'], test_share: 0.3}],
  ];
  return calls.map(([tool, args]) => [tool, args.model === undefined ? {dataset, ...args} : args]);
}

type Twelve = [string, string, string, string, string, string, string, string, string, string, string, string];
const answer_ = (name: string) => `"${name}"`;
const truth_ = answer_;

function each(...pairs: (string | undefined)[]): object[] {
  return pairs.flatMap((name, i) =>
    i % 2 === 0 ? [{function: name, ...(pairs[i + 1] !== undefined && {column: pairs[i + 1]})}] : [],
  );
}
