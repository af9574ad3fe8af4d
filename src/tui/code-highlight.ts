// Light colours for code: words of the language, strings, numbers and comments. One pass, no grammar.

import type {ChalkInstance} from 'chalk';

const sql =
  'select from where group by order having limit offset join left right inner outer full cross on using as with union all distinct case when then else end and or not in is null like between over partition exists values create table view insert into update delete asc desc filter qualify pivot unpivot';
const python =
  'def class return if elif else for while in not and or is None True False import from as with try except finally raise lambda yield pass break continue async await';
const script =
  'const let var function return if else for while of in new class extends default import from export async await try catch finally throw typeof null undefined true false switch case break continue type interface';
const shell = 'if then else elif fi for do done while case esac in function export local return cd echo';
const r = 'function if else for while in next break TRUE FALSE NULL NA library return';

type Language = {words: ReadonlySet<string>; ignoreCase: boolean; comment: string};
const language = (words: string, comment: string, ignoreCase = false): Language => ({
  words: new Set(words.split(' ')),
  comment,
  ignoreCase,
});
const languages: Record<string, Language> = {
  sql: language(sql, '--[^\\n]*', true),
  python: language(python, '#[^\\n]*'),
  js: language(script, '\\/\\/[^\\n]*'),
  sh: language(shell, '#[^\\n]*'),
  r: language(r, '#[^\\n]*'),
  json: language('true false null', '(?!)'),
  yaml: language('true false null', '#[^\\n]*'),
};
const aliases: Record<string, string> = {
  py: 'python',
  javascript: 'js',
  ts: 'js',
  typescript: 'js',
  jsx: 'js',
  tsx: 'js',
  bash: 'sh',
  shell: 'sh',
  zsh: 'sh',
  console: 'sh',
  yml: 'yaml',
  duckdb: 'sql',
  postgresql: 'sql',
};

/** One line of code with colours; the characters stay the same. A language that is not known has none. */
export function highlight(line: string, name: string, style: ChalkInstance): string {
  const known = languages[aliases[name] ?? name];
  if (!known) return style.cyan(line);
  const token = new RegExp(
    `(?<comment>${known.comment})|(?<string>"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*')|(?<number>\\b\\d[\\d_.]*\\b)|(?<word>[A-Za-z_]\\w*)`,
    'g',
  );
  return line.replaceAll(token, (text, ...rest) => {
    const {comment, string, number, word} = rest.at(-1) as Record<string, string | undefined>;
    if (comment !== undefined) return style.dim(text);
    if (string !== undefined) return style.green(text);
    if (number !== undefined) return style.yellow(text);
    return known.words.has(known.ignoreCase ? (word ?? '').toLowerCase() : (word ?? '')) ? style.cyan(text) : text;
  });
}
