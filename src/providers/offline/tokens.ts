// Cuts a question into words, numbers, dates, quoted texts and signs. Linear in the length of the text, never throws.

/** `lower` is what vocabulary is looked up by; `value` is set for numbers, already multiplied by a k, m or bn. */
export type Token = {
  kind: 'word' | 'number' | 'date' | 'quoted' | 'sign';
  text: string;
  lower: string;
  value?: number;
  percent?: boolean;
  ordinal?: boolean;
};

const maxTokens = 600;

// Each alternative is anchored at the cursor and has no nested repetition, so the scan is linear.
const pattern = new RegExp(
  [
    String.raw`(?<quoted>"[^"\n]{1,200}"|\x60[^\x60\n]{1,200}\x60|“[^”\n]{1,200}”|‘[^’\n]{1,200}’)`,
    String.raw`(?<date>\d{4}-\d{1,2}(?:-\d{1,2})?(?![\d-]))`,
    String.raw`(?<slashed>\d{1,4}[/.]\d{1,2}[/.]\d{1,4}(?!\d))`,
    String.raw`(?<number>[$€£]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:e[+-]?\d{1,3})?)(?<suffix>%|(?:st|nd|rd|th|k|m|bn)(?![\p{L}\p{N}_]))?(?![\p{L}_])`,
    String.raw`(?<word>[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*(?:\.[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)*)`,
    '(?<sign>>=|<=|!=|<>|==|[=<>≥≤≠,;:?!()/*+%&|~-])',
  ].join('|'),
  'uy',
);

const multiplier: Record<string, number> = {k: 1e3, m: 1e6, bn: 1e9};

/** The tokens of `text`, at most 600; characters that mean nothing here are skipped. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length && tokens.length < maxTokens) {
    const single = singleQuoted(text, at);
    if (single !== null) {
      tokens.push({kind: 'quoted', text: single, lower: single.toLowerCase()});
      at += single.length + 2;
      continue;
    }
    // "/checkout" is a name, "a / b" and "a/b" are not.
    const path = text[at] === '/' && !/\S/u.test(text[at - 1] ?? ' ') ? pathAt(text, at) : null;
    if (path !== null) {
      tokens.push({kind: 'word', text: path, lower: path.toLowerCase()});
      at += path.length;
      continue;
    }
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match?.groups) {
      at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
      continue;
    }
    tokens.push(tokenOf(match[0], match.groups, text, at));
    at += match[0].length;
    const possessive = /^['’]s(?![\p{L}\p{N}])/u.exec(text.slice(at, at + 3));
    if (possessive && match.groups.word) at += 2;
    else if (match.groups.word) at = joinContraction(text, at, tokens);
  }
  return mergeNegatives(tokens);
}

function pathAt(text: string, at: number): string | null {
  return /^(?:\/[\p{L}_][\p{L}\p{N}_-]*){1,20}/u.exec(text.slice(at, at + 200))?.[0] ?? null;
}

function tokenOf(text: string, groups: Record<string, string | undefined>, whole: string, at: number): Token {
  const lower = text.toLowerCase();
  if (groups.quoted) {
    const inner = text.slice(1, -1);
    return {kind: 'quoted', text: inner, lower: inner.toLowerCase()};
  }
  if (groups.date) return {kind: 'date', text, lower};
  if (groups.number) {
    const suffix = groups.suffix?.toLowerCase() ?? '';
    const value = Number(groups.number.replace(/[$€£,]/g, '')) * (multiplier[suffix] ?? 1);
    const spaced = whole.slice(at + text.length, at + text.length + 2);
    const percent = suffix === '%' || spaced === ' %';
    const ordinal = /^(st|nd|rd|th)$/.test(suffix);
    return {kind: 'number', text, lower, value, ...(percent && {percent}), ...(ordinal && {ordinal})};
  }
  if (groups.sign) return {kind: 'sign', text, lower};
  return {kind: 'word', text, lower};
}

/** 'New York' in straight single quotes, only where the first quote cannot be an apostrophe. */
function singleQuoted(text: string, at: number): string | null {
  if (text[at] !== "'" || /[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ')) return null;
  const end = text.indexOf("'", at + 1);
  if (end <= at + 1 || end - at > 200 || /[\p{L}\p{N}]/u.test(text[end + 1] ?? ' ')) return null;
  return text.slice(at + 1, end);
}

/** "isn't" is one word to the vocabulary: the letters after the apostrophe are joined without it. */
function joinContraction(text: string, at: number, tokens: Token[]): number {
  const rest = /^['’](t|re|ve|ll|d|m)(?![\p{L}\p{N}])/u.exec(text.slice(at, at + 4));
  const last = tokens.at(-1);
  if (!rest?.[1] || !last) return at;
  last.text += rest[1];
  last.lower += rest[1].toLowerCase();
  return at + rest[0].length;
}

/** A minus directly before a number is its sign unless a value stands before it. */
function mergeNegatives(tokens: Token[]): Token[] {
  const merged: Token[] = [];
  for (const token of tokens) {
    const before = merged.at(-1);
    const earlier = merged.at(-2);
    const isSign = before?.kind === 'sign' && before.text === '-';
    if (isSign && token.kind === 'number' && token.value !== undefined && earlier?.kind !== 'number') {
      merged.pop();
      merged.push({...token, text: `-${token.text}`, lower: `-${token.lower}`, value: -token.value});
    } else merged.push(token);
  }
  return merged.filter(token => !(token.kind === 'sign' && token.text === '-'));
}
