// PIVOT without the list of values that become columns, which the engine would run as two statements: finds where the list belongs.

/** `values` is a SELECT of the values as text, at most `limit` + 1 of them; ` IN (…)` goes to `at`. */
export type PivotGap = {expression: string; values: string; at: number};

type Token = {text: string; word: string; start: number; end: number; depth: number};

const pieces =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_]\w*|[0-9.]+|\S/g;

/** Empty for statements without a PIVOT of this kind; `FROM t PIVOT (… FOR … IN …)` always has its list. */
export function pivotGaps(sql: string, limit: number): PivotGap[] {
  const tokens = tokensOf(sql);
  return tokens.flatMap((token, index) => {
    if (token.word !== 'pivot' && token.word !== 'pivot_wider') return [];
    const before = tokens[index - 1];
    const level = startOfLevel(tokens, index);
    const withClause = level?.word === 'with' ? sql.slice(level.start, token.start) : '';
    if (before && before.text !== '(' && !(before.text === ')' && withClause)) return [];
    return gapsOf(sql, tokens.slice(index + 1), {token, withClause, limit});
  });
}

function gapsOf(
  sql: string,
  tokens: readonly Token[],
  {token: {depth, end}, withClause, limit}: {token: Token; withClause: string; limit: number},
): PivotGap[] {
  const on = tokens.findIndex(each => each.depth <= depth && (each.word === 'on' || isEnd(each, depth)));
  if (tokens[on]?.word !== 'on') return [];
  const source = sql.slice(end, tokens[on]?.start);
  const rest = tokens.slice(on + 1);
  const last = rest.findIndex(each => each.depth <= depth && isEnd(each, depth));
  const parts: Token[][] = [[]];
  for (const each of last < 0 ? rest : rest.slice(0, last))
    if (each.text === ',' && each.depth === depth) parts.push([]);
    else parts.at(-1)?.push(each);
  return parts.flatMap(part => {
    const [first, final] = [part[0], part.at(-1)];
    if (!first || !final || part.some(each => each.word === 'in' && each.depth === depth)) return [];
    const expression = sql.slice(first.start, final.end);
    const value = `(${expression})::VARCHAR`;
    const values = `${withClause}SELECT DISTINCT ${value} AS __pivot_value FROM ${source} WHERE ${value} IS NOT NULL ORDER BY 1 LIMIT ${limit + 1}`;
    return [{expression, values, at: final.end}];
  });
}

const endWords = new Set('using group order limit offset union except intersect'.split(' '));

function isEnd({word, text, depth}: Token, own: number): boolean {
  return depth < own || endWords.has(word) || text === ';';
}

/** The first token inside the same parentheses. */
function startOfLevel(tokens: readonly Token[], index: number): Token | undefined {
  const depth = tokens[index]?.depth ?? 0;
  const before = tokens.slice(0, index + 1);
  const outside = before.findLastIndex(each => each.depth < depth);
  return before.slice(outside + 1).find(each => each.depth === depth) ?? before[index];
}

/** Without comments. Parentheses stand at the depth outside of them; a closing one of the statement's own level ends it. */
function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const {0: text, index} of sql.matchAll(pieces)) {
    if (text.startsWith('--') || text.startsWith('/*')) continue;
    if (text === ')') depth--;
    tokens.push({text, word: text.toLowerCase(), start: index, end: index + text.length, depth});
    if (text === '(') depth++;
  }
  return tokens;
}
