// How much of the data may leave for a model: the words that tools, the gate and the settings share.

/** From the most open to the strictest. */
export const privacyLevels = ['rows', 'aggregates', 'schema'] as const;

/**
 * `rows`: schemas with ranges and frequent values, and at most 20 rows a result. `aggregates`: names, types, counts,
 * ranges of numbers, and statistics over groups of at least `smallestGroup` rows. `schema`: names, types and row counts.
 */
export type PrivacyLevel = (typeof privacyLevels)[number];

export function isPrivacyLevel(text: string): text is PrivacyLevel {
  return privacyLevels.some(level => level === text);
}

/** `neverSend` are patterns of columns whose values never leave at any level: `sales.email`, `email`, `*.phone`. */
export type PrivacyPolicy = {level: PrivacyLevel; neverSend: readonly string[]};

/** At the level `aggregates`, what stands for fewer rows than this stays here. */
export const smallestGroup = 5;

/**
 * What a column of a result holds. `name`: words of the tool, names of datasets and columns. `count`: how many.
 * `statistic`: a number computed over rows. `group`: what all rows of a group share. `value`: something of single rows.
 * `from` are the columns it was computed from, "dataset.column"; null when that is not known.
 */
export type Exposure = {kind: 'name' | 'count' | 'statistic' | 'group' | 'value'; from: string[] | null};

/** `n`: at least how many rows of data it stands for; 0 where that is not known. */
export type CountedExposure = Exposure & {n: number};

/**
 * The next `length` characters of a summary, without the line break behind them, and what they tell; `otherwise` holds
 * only names and counts and stands in for them.
 */
export type DisclosedPart = {length: number; about: CountedExposure; otherwise?: string};

/**
 * How a result relates to the data, for the gate to a provider: either `parts`, which together are the summary, or the
 * `columns` of the table, and how many rows of data each of its `rows` stands for. `bare` has no value of the data and
 * goes where nothing else may. A result without a disclosure counts as raw rows of everything its datasets hold.
 */
export type Disclosure = {
  bare?: string;
  parts?: DisclosedPart[];
  columns?: Exposure[];
  rows?: {n: number}[];
};

/** True when what was written under `before` may be sent under `now`. */
export function covers(before: PrivacyPolicy, now: PrivacyPolicy): boolean {
  return (
    privacyLevels.indexOf(before.level) >= privacyLevels.indexOf(now.level) &&
    now.neverSend.every(pattern => before.neverSend.includes(pattern))
  );
}

/** True when the pattern means the column: letters of either case are the same, `*` stands for any text. */
export function isMeant(pattern: string, dataset: string, column: string): boolean {
  const name = `${dataset}.${column}`.toLowerCase();
  const wanted = pattern.toLowerCase();
  return fits(wanted, name) || fits(wanted, column.toLowerCase());
}

function fits(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const parts = pattern.split('*').map(part => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

/** "email, ssn, *.phone" as a list; blanks around the patterns mean nothing. */
export function parsePatterns(text: string): string[] {
  return [...new Set(text.split(',').map(each => each.trim()))].filter(Boolean);
}
