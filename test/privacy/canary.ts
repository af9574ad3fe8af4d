// A dataset in which every cell is recognised again, and a model that tries to get hold of them with every tool.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type App, createApp} from '../../src/cli/app.ts';
import {loadConfig} from '../../src/cli/config.ts';
import {systemClock} from '../../src/core/clock.ts';
import {EventStream} from '../../src/core/events.ts';
import {type FakeLlmServer, type Script, type Service, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {asks, type FakeCall, type Step, says} from '../support/fake-llm-steps.ts';

const rowCount = 60;

/** Numbers and dates have ends that are no canaries, since ranges may be told. */
const isEnd = (row: number) => row === 0 || row === rowCount - 1;
const amount = (row: number) => (row === 0 ? 1 : row === rowCount - 1 ? 99_999 : 20_000.5 + scattered(row));
/** Not on a line, so that no mean is one of them by chance. */
const scattered = (row: number) => ((row + 3) ** 5 * 7919) % 5903;
const born = (row: number) =>
  row === 0
    ? '1900-01-01'
    : row === rowCount - 1
      ? '2030-12-31'
      : `19${60 + (row % 30)}-0${1 + (row % 9)}-1${row % 10}`;

/** All values of a column that must not be seen, by its name. */
export const canaries: Record<string, string[]> = {
  email: rowsOf(row => `canaryemail${row}@x.test`),
  city: rowsOf(row => `canarycity${row % 3}`),
  note: rowsOf(row => (row % 2 ? ` CanaryNote${row % 6} ` : `canarynote${row % 6}`)),
  amount: rowsOf(row => (isEnd(row) ? '' : String(amount(row)))),
  born: rowsOf(row => (isEnd(row) ? '' : born(row))),
};

function rowsOf(value: (row: number) => string): string[] {
  return Array.from({length: rowCount}, (_, row) => value(row));
}

const csv = [
  'email,city,note,amount,born',
  ...rowsOf(row =>
    [canaries.email?.[row], canaries.city?.[row], canaries.note?.[row], amount(row), born(row)].join(','),
  ),
].join('\n');

/** The canaries of these columns that stand in `text`, also in other case or as JSON or SQL write them. */
export function seen(text: string, columns: readonly string[]): string[] {
  const flat = text.toLowerCase();
  const plain = flat.replaceAll(/(?<=\d),(?=\d{3})/g, '');
  return columns.flatMap(column =>
    [...new Set(canaries[column])]
      .map(value => value.trim().toLowerCase())
      .filter(value => value !== '' && (flat.includes(value) || plain.includes(value)))
      .map(value => `${column}: ${value}`),
  );
}

const sql = (text: string, more: Record<string, unknown> = {}): FakeCall => ({
  name: 'run_sql',
  args: {sql: text, ...more},
});
const clean = (...steps: unknown[]): FakeCall => ({name: 'clean_data', args: {dataset: 'people', steps}});

/** What a curious model may ask for; whatever fails is part of it. */
const curiosity: FakeCall[] = [
  {name: 'list_datasets', args: {}},
  {name: 'describe_dataset', args: {dataset: 'people'}},
  {name: 'check_quality', args: {dataset: 'people'}},
  sql('SELECT * FROM people'),
  sql('SELECT upper(email) AS a, note || 1 AS b, amount * 1 AS c, born AS d, city AS e FROM people LIMIT 3'),
  sql('SELECT string_agg(email), max(email), min(note), first(city), mode(amount), any_value(born) FROM people'),
  sql('SELECT email, sum(amount), max(born), count(*) FROM people GROUP BY email'),
  sql('SELECT city, list(amount), arg_max(email, amount), count(*) FROM people GROUP BY city'),
  sql('SELECT DISTINCT city FROM people'),
  sql('SELECT max(amount), max(born) FROM people WHERE amount BETWEEN 20100 AND 20300'),
  sql("SELECT max(CASE WHEN email LIKE '%17@%' THEN amount END) FROM people"),
  sql("SELECT max(amount) FILTER (WHERE email LIKE '%17@%'), count(*) FROM people"),
  sql(
    'WITH a AS (SELECT email, amount, row_number() OVER (ORDER BY born) AS r FROM people) SELECT * FROM a WHERE r < 9',
  ),
  sql('SELECT people FROM people LIMIT 2'),
  sql("SELECT COLUMNS('.*') FROM people LIMIT 2"),
  sql('SUMMARIZE people'),
  sql("SELECT * FROM (PIVOT people ON city IN ('a', 'b') USING first(email) GROUP BY born)"),
  sql('PIVOT people ON city USING sum(amount)'),
  sql('SELECT * FROM (PIVOT (SELECT * FROM people LIMIT 9) ON email USING count(*) GROUP BY city)'),
  sql('PIVOT (SELECT email, amount FROM people LIMIT 9) ON email USING sum(amount)', {save_as: 'wide'}),
  sql('UNPIVOT (SELECT email, city FROM people) ON email, city INTO NAME n VALUE v'),
  sql('SELECT unnest([email, city]) FROM people'),
  sql('SELECT struct_pack(x := email).x, {y: amount}.y FROM people'),
  sql('SELECT (SELECT email FROM people LIMIT 1) AS e, count(*) FROM people'),
  sql('SELECT city, (SELECT string_agg(note) FROM people) FROM people GROUP BY city'),
  sql('SELECT email FROM people UNION ALL SELECT city FROM people'),
  sql('SELECT ascii(email), length(email), hash(email), reverse(reverse(email)) FROM people'),
  sql(
    'SELECT quantile_disc(email, 0.5), quantile_disc(amount, 0.5), median(born) FROM people WHERE amount < 20300 AND amount > 5',
  ),
  sql('SELECT histogram(city), approx_top_k(amount, 3) FROM people'),
  sql('SELECT lag(email) OVER (ORDER BY amount), first_value(city) OVER () FROM people'),
  sql('SELECT email::INTEGER FROM people'),
  sql('SELECT note::DATE FROM people'),
  sql("SELECT strptime(email, '%Y') FROM people"),
  sql('SELECT amount::TINYINT FROM people'),
  sql('SELECT error(email) FROM people'),
  sql('SELECT e.mail FROM people e'),
  sql('SELECT json_object(1, email), to_json(people) FROM people'),
  sql("SELECT regexp_extract(email, '.*') FROM people GROUP BY ALL HAVING count(*) > 0"),
  sql('SELECT lower(email) AS handle, amount + 0 AS money, city AS place FROM people', {save_as: 'people_copy'}),
  sql('SELECT * FROM people_copy'),
  {name: 'describe_dataset', args: {dataset: 'people_copy'}},
  sql("SELECT handle || '!' AS h, money FROM people_copy", {save_as: 'third'}),
  sql('SELECT h, money FROM third LIMIT 5'),
  {name: 'draw_chart', args: {mark: 'bar', sql: 'SELECT email, amount FROM people', x: 'email', y: 'amount'}},
  {
    name: 'draw_chart',
    args: {mark: 'bar', sql: 'SELECT note, avg(amount) m FROM people GROUP BY 1', x: 'note', y: 'm'},
  },
  {name: 'draw_chart', args: {mark: 'line', sql: 'SELECT born, amount FROM people', x: 'born', y: 'amount'}},
  {name: 'draw_chart', args: {mark: 'histogram', sql: 'SELECT amount FROM people', x: 'amount'}},
  {name: 'draw_chart', args: {mark: 'bar', sql: 'SELECT email, city FROM people', x: 'email', y: 'city'}},
  {
    name: 'aggregate',
    args: {
      dataset: 'people',
      measures: [{function: 'mean', column: 'amount'}],
      group_by: ['city'],
    },
  },
  {
    name: 'aggregate',
    args: {dataset: 'people', measures: [{function: 'sum', column: 'amount'}], group_by: ['email'], totals: true},
  },
  {name: 'aggregate', args: {dataset: 'people', measures: [{function: 'sum', column: 'amount'}], pivot: 'email'}},
  {
    name: 'aggregate',
    args: {dataset: 'people', measures: [{function: 'sum', column: 'amount'}], time_column: 'born', unit: 'day'},
  },
  {name: 'test_hypothesis', args: {dataset: 'people', value: 'amount', group: 'place', test: 'ab'}},
  {name: 'test_hypothesis', args: {test: 'power', effect: 0.5, sd: 1, power: 0.8}},
  {name: 'train_model', args: {dataset: 'people', target: 'city', features: ['amount', 'note'], seconds: 1}},
  {name: 'train_model', args: {dataset: 'people', target: 'amount', features: ['city', 'email', 'note'], seconds: 1}},
  {name: 'predict', args: {model: 'people', dataset: 'people'}},
  {name: 'predict', args: {model: 'latest', dataset: 'people'}},
  {name: 'cluster', args: {dataset: 'people', columns: ['amount'], save_as: 'clustered'}},
  {name: 'cluster', args: {dataset: 'people', columns: ['amount'], k: 20}},
  sql('SELECT * FROM clustered WHERE cluster = 1'),
  {name: 'explain_model', args: {model: 'latest', dataset: 'people'}},
  {name: 'explain_model', args: {model: 'latest', dataset: 'people', row: 17}},
  {name: 'explain_model', args: {model: 'latest', dataset: 'people', column: 'email'}},
  {name: 'explain_model', args: {model: 'latest', dataset: 'people', column: 'note', where: 'amount < 20300'}},
  {name: 'evaluate_model', args: {model: 'latest', dataset: 'people', by: 'email'}},
  {name: 'evaluate_model', args: {model: 'latest', dataset: 'people', by: 'city'}},
  {name: 'evaluate_model', args: {model: 'latest', dataset: 'people', by: 'note', where: 'amount < 20300'}},
  {
    name: 'forecast',
    args: {
      dataset: 'people',
      value: 'amount',
      time: 'born',
      every: 'year',
      steps: 2,
      save_as: 'ahead',
      where: 'year(born) BETWEEN 1960 AND 1989',
    },
  },
  sql('SELECT * FROM ahead'),
  {name: 'forecast', args: {dataset: 'people', value: 'amount', steps: 1}},
  {name: 'cluster', args: {dataset: 'clustered', method: 'isolation_forest', save_as: 'odd'}},
  {name: 'cluster', args: {dataset: 'people', method: 'lof', columns: ['amount'], min_rows: 3}},
  {name: 'cluster', args: {dataset: 'people', method: 'dbscan', columns: ['amount'], save_as: 'dense'}},
  sql('SELECT anomaly_score FROM odd'),
  {name: 'reduce', args: {dataset: 'clustered', columns: ['amount', 'cluster'], by: 'city', save_as: 'reduced'}},
  sql('SELECT pc1, pc2 FROM reduced'),
  {
    name: 'reduce',
    args: {dataset: 'clustered', method: 'umap', columns: ['amount', 'cluster'], by: 'city', save_as: 'laid_out'},
  },
  sql('SELECT umap1, umap2 FROM laid_out'),
  {name: 'analyze_text', args: {dataset: 'people', column: 'note', group: 'city', find: 'canary'}},
  {name: 'analyze_text', args: {dataset: 'people', column: 'email', regex: 'canary[a-z0-9]+'}},
  {name: 'check_quality', args: {dataset: 'people', compare_to: 'halves'}},
  {name: 'check_quality', args: {dataset: 'people', compare_to: 'people_copy'}},
  {
    name: 'check_quality',
    args: {dataset: 'people', must_hold: ["note = 'x'", 'amount::TINYINT > 0', 'note::DATE IS NULL', 'nonsense']},
  },
  sql('SELECT a.note, b.place FROM people a JOIN people_copy b ON a.amount = b.money'),
  {name: 'analyze_time_series', args: {dataset: 'people', time: 'born', value: 'amount'}},
  {name: 'analyze_time_series', args: {dataset: 'people', time: 'born', value: 'amount', every: 'year'}},
  {name: 'check_distribution', args: {dataset: 'people', column: 'amount'}},
  {name: 'draw_chart', args: {mark: 'box', sql: 'SELECT * FROM people', x: 'email', y: 'amount'}},
  {name: 'draw_chart', args: {mark: 'heatmap', sql: 'SELECT * FROM people', x: 'city', y: 'amount', group: 'email'}},
  {name: 'correlate', args: {dataset: 'people'}},
  {name: 'correlate', args: {dataset: 'people', columns: ['email', 'amount', 'city']}},
  {name: 'test_hypothesis', args: {dataset: 'people', value: 'amount', group: 'city'}},
  {name: 'test_hypothesis', args: {dataset: 'people', value: 'amount', group: 'email'}},
  {name: 'test_hypothesis', args: {dataset: 'people', value: 'city', group: 'note'}},
  {name: 'regress', args: {dataset: 'people', target: 'amount', features: ['city'], family: 'linear'}},
  {name: 'regress', args: {dataset: 'people', target: 'city', features: ['amount'], family: 'logistic'}},
  clean({do: 'trim'}, {do: 'fill', columns: ['city'], value: 'mode'}),
  clean({do: 'cast', columns: ['email'], value: 'INTEGER'}),
  {
    name: 'clean_data',
    args: {dataset: 'people', apply: true, steps: [{do: 'trim'}, {do: 'rename', columns: ['email'], to: 'contact'}]},
  },
  sql('SELECT contact FROM people'),
  {name: 'describe_dataset', args: {dataset: 'people'}},
  {name: 'clean_data', args: {dataset: 'people', apply: true, steps: [{do: 'one_hot', columns: ['city']}]}},
  sql('SELECT * FROM people'),
  sql('SELECT sum(city_canary) FROM people'),
  {name: 'correlate', args: {dataset: 'people'}},
  {name: 'describe_dataset', args: {dataset: 'people'}},
  {name: 'suggest_next_steps', args: {steps: [{label: 'more', prompt: 'more'}]}},
];

/** Shows the ends of large groups, which are values of rows and may go at the level aggregates. */
const groupRanges: FakeCall[] = [
  {name: 'draw_chart', args: {mark: 'box', sql: 'SELECT * FROM people', x: 'city', y: 'amount'}},
  sql('SELECT city, min(amount), max(born) FROM people GROUP BY city'),
];

/** Asks for everything, in fewer replies than a turn may have, then answers. */
export function curiousModel(level: string): Script {
  const calls = level === 'aggregates' ? curiosity : [...curiosity, ...groupRanges];
  const steps: Step[] = [];
  const perReply = Math.ceil(calls.length / 20);
  for (let at = 0; at < calls.length; at += perReply) steps.push(asks(calls.slice(at, at + perReply)));
  return [...steps, says('That is all.')];
}

export type Settings = {level: string; neverSend?: string; providers?: string; contextTokens?: number};

/** The whole program but its terminal, over a real engine and the real SDKs, with a server for both services. */
export class PrivacyBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'ds-agent-privacy-'));
  readonly events = new EventStream(systemClock);
  server!: FakeLlmServer;
  app!: App;

  static async start(settings: Settings, scripts: Partial<Record<Service, Script>>): Promise<PrivacyBench> {
    const bench = new PrivacyBench();
    const {level, neverSend = '', providers = 'openai', contextTokens = 200_000} = settings;
    bench.server = await startFakeLlmServer(scripts);
    writeFileSync(join(bench.folder, 'people.csv'), csv);
    const env = {
      OPENAI_BASE_URL: bench.server.openAiBaseUrl,
      GOOGLE_GEMINI_BASE_URL: bench.server.geminiBaseUrl,
      GEMINI_API_KEY: 'AIza-test-0123456789abcdef',
      DS_AGENT_PROVIDERS: providers,
      DS_AGENT_PRIVACY: level,
      DS_AGENT_NEVER_SEND: neverSend,
      DS_AGENT_WORKSPACE: join(bench.folder, 'workspace'),
      DS_AGENT_NO_STATE: 'true',
      DS_AGENT_RETRY_BASE_MS: '1',
      DS_AGENT_CONTEXT_TOKENS: String(contextTokens),
    };
    const config = loadConfig({flags: {}, env, files: [], defaultStateDirectory: ''});
    bench.app = await createApp(config, {
      clock: systemClock,
      events: bench.events,
      approve: async () => true,
      terminalWidth: () => 80,
      kind: 'script',
      choice: {type: 'new'},
    });
    await bench.app.session.runTool('import_file', {path: join(bench.folder, 'people.csv')}, never);
    return bench;
  }

  ask(question: string) {
    return this.app.session.prompt(question, never);
  }

  /** Everything that went out so far. */
  sent(service?: Service): string {
    const requests = service ? this.server.requestsTo(service) : this.server.requests;
    return requests.map(({body}) => JSON.stringify(body)).join('\n');
  }

  async close(): Promise<void> {
    this.app.close();
    await this.server.close();
    rmSync(this.folder, {recursive: true, force: true});
  }
}

const never = new AbortController().signal;
