// The marks inside a line of Markdown: emphasis, code and links. Pure; names_with_underscores and 2 * 3 stay as they are.

export type Mark = 'bold' | 'italic' | 'strike' | 'code';
/** `link` is an http address. */
export type Span = {text: string; marks: readonly Mark[]; link: string | null};

const pattern = new RegExp(
  [
    /(`+)(?<code>[^`]|[^`].*?[^`])\1(?!`)/,
    /\*\*(?=\S)(?<bold>.+?)(?<=\S)\*\*/,
    /(?<![\w*])\*(?=[^\s*])(?<star>.+?)(?<=[^\s*])\*(?![\w*])/,
    /(?<![\p{L}\p{N}_])_(?=[^\s_])(?<under>.+?)(?<=[^\s_])_(?![\p{L}\p{N}_])/u,
    /~~(?=\S)(?<strike>.+?)(?<=\S)~~/,
    /\[(?<label>[^\]]+)\]\((?<url>https?:\/\/[^)\s]+)\)/,
    /\\(?<escaped>[\\`*_{}[\]()#+\-.!|~>])/,
  ]
    .map(each => each.source)
    .join('|'),
  'gu',
);

/** `text` without its marks. With `open`, a mark that is not closed yet counts as closed at the end. */
export function spansOf(text: string, open = false): Span[] {
  return parse(open ? closed(text) : text, []);
}

function parse(text: string, marks: readonly Mark[]): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) spans.push({text: text.slice(end, match.index), marks, link: null});
    spans.push(...inside(match.groups ?? {}, marks));
    end = match.index + match[0].length;
  }
  if (end < text.length) spans.push({text: text.slice(end), marks, link: null});
  return spans;
}

function inside(found: Record<string, string | undefined>, marks: readonly Mark[]): Span[] {
  const {code, bold, star, under, strike, label, url, escaped} = found;
  if (code !== undefined) return [{text: code, marks: [...marks, 'code'], link: null}];
  if (bold !== undefined) return parse(bold, [...marks, 'bold']);
  if (strike !== undefined) return parse(strike, [...marks, 'strike']);
  if (label !== undefined) return parse(label, marks).map(span => ({...span, link: url ?? null}));
  if (escaped !== undefined) return [{text: escaped, marks, link: null}];
  return parse(star ?? under ?? '', [...marks, 'italic']);
}

/** A line that still grows, with what it will need to be whole; a mark at its very end waits unseen. */
function closed(text: string): string {
  const withoutLink = text.replace(/\[([^\][]*)(\](\([^)\s]*)?)?$/, '$1');
  const shown = withoutLink.replace(/(?<=^|[\s([])(\*{1,3}|_{1,2}|~{1,2})$|[*~]+$|`+$/, match =>
    isClosing(withoutLink, match) ? match : '',
  );
  const parts = shown.split('`');
  if (parts.length % 2 === 0) return `${shown}\``;
  const prose = parts.filter((_, index) => index % 2 === 0).join(' ');
  if (prose.split('**').length % 2 === 0) return `${shown.trimEnd()}**`;
  const single = prose.replaceAll('**', '').match(/(?<![\w*])\*(?=[^\s*])/g)?.length ?? 0;
  const ends = prose.replaceAll('**', '').match(/(?<=[^\s*])\*(?![\w*])/g)?.length ?? 0;
  return single > ends ? `${shown.trimEnd()}*` : shown;
}

function isClosing(text: string, mark: string): boolean {
  const before = text.slice(0, -mark.length);
  return mark !== '' && before.split(mark).length % 2 === 0;
}
