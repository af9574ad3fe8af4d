// Tells a pasted table from pasted prose, code or SQL, so that only the first is offered as an import.

const leastLines = 3;
const delimiters = ['\t', ';', '|', ','];
const statement = /^\s*(select|with|insert|update|delete|create|alter|drop|from|explain|describe)\b/i;
/** Cells with more words than this on average are sentences. */
const mostWords = 4;

/** True when every line has the same number (at least one) of the same delimiter, and the text is no prose or code. */
export function looksLikeTable(text: string): boolean {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  if (lines.length < leastLines || statement.test(text)) return false;
  return delimiters.some(delimiter => isUniform(lines, delimiter) && !isProseOrCode(lines, delimiter));
}

function isUniform(lines: readonly string[], delimiter: string): boolean {
  const counts = lines.map(line => line.replaceAll(/"[^"]*"/g, '').split(delimiter).length - 1);
  return (counts[0] ?? 0) > 0 && counts.every(each => each === counts[0]);
}

function isProseOrCode(lines: readonly string[], delimiter: string): boolean {
  const isCode = (line: string) => /[{}([]\s*$|=>|^\s*(\/\/|#include|import\b|const\b|let\b|return\b)/.test(line);
  // A table does not end each line with its delimiter and hold nothing but one thing before it.
  const endsOnly = lines.every(line => line.trimEnd().endsWith(delimiter) && line.split(delimiter).length === 2);
  const cells = lines.flatMap(line => line.split(delimiter));
  const words = cells.reduce((sum, cell) => sum + cell.split(/\s+/).filter(Boolean).length, 0);
  return endsOnly || lines.some(isCode) || words / cells.length > mostWords;
}
