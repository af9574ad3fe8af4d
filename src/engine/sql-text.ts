// SQL text put together safely: names and values quoted, statements cut where they end.

/** A name as SQL writes it: always in double quotes. The character 0, which no name can have, is written as its picture. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""').replaceAll('\0', '␀')}"`;
}

/**
 * `wanted`, or `wanted_2` and so on where a column has that name: SQL takes no notice of case, and a column wins over an alias.
 */
export function freeName(wanted: string, columns: readonly {name: string}[]): string {
  const taken = new Set(columns.map(({name}) => name.toLowerCase()));
  let name = wanted;
  for (let nth = 2; taken.has(name.toLowerCase()); nth++) name = `${wanted}_${nth}`;
  return name;
}

/** A text value as SQL writes it. */
export function quoteText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  // A statement ends at the character 0.
  return quoted.includes('\0') ? `(${quoted.replaceAll('\0', "' || chr(0) || '")})` : quoted;
}

/** A path as reading functions want it, where `*`, `?` and `[` would otherwise stand for other files. */
export function globLiteral(path: string): string {
  return path.replace(/[*?[]/g, character => `[${character}]`);
}

/** A path as a text value for a reading function. */
export function quotePath(path: string): string {
  return quoteText(globLiteral(path));
}

/**
 * The statement without what follows its first `;` outside quotes and comments, and without a trailing comment, so that
 * it can stand in parentheses. The caller has checked that it is exactly one statement.
 */
export function statementBody(sql: string): string {
  const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|;/g;
  let end = 0;
  let last = 0;
  for (let found = token.exec(sql); found; found = token.exec(sql)) {
    const isNoise = found[0].startsWith('--') || found[0].startsWith('/*');
    if (found[0] === ';') return sql.slice(0, found.index);
    if (sql.slice(last, found.index).trim() || !isNoise) end = isNoise ? found.index : token.lastIndex;
    last = token.lastIndex;
  }
  return sql.slice(last).trim() ? sql : sql.slice(0, end);
}
