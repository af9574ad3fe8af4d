// What one cell of text looks like. Used to weigh readings of a file and to find header rows, never to convert a value.

export type CellKind = 'empty' | 'number' | 'moment' | 'boolean' | 'code' | 'word' | 'text';

const currency = '[$€£¥₹₽₩₺]|(?:USD|EUR|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CAD|AUD)';
const digits = String.raw`\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d{1,3}(?:[ ,.'’\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d*)?|[.,]\d+`;
const number = new RegExp(
  String.raw`^\(?[+-]?(?:(?:${currency}) ?)?[+-]?(?:${digits})(?:[eE][+-]?\d+)? ?(?:%|${currency})?\)?$`,
);

const time = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2}))?`;
const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const date = String.raw`\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}[- ]${month}[- ,]+\d{2,4}|${month} \d{1,2},? \d{4}`;
const moment = new RegExp(`^(?:(?:${date})(?:[T ]+${time})?|${time})$`, 'i');

const boolean = /^(?:true|false|yes|no|t|f|y|n)$/i;
const missing = /^(?:|:?-{3,}:?|NA|N\/A|n\/a|NaN|nan|NULL|null|None|none|#N\/A|-nan|-|--|\?|\.|\\N)$/;
// Addresses, ids, paths: marks in them are part of them.
const code =
  /^(?:[a-z][a-z0-9+.-]*:\/\/\S+|[^\s@;,|]+@[^\s@;,|]+\.[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{2}(?::[0-9a-f]{2}){2,}|(?:[~.]{0,2}[/\\]|[a-z]:\\)?[\w.]+(?:[/\\-]+[\w.]+)+[/\\]?)$/i;
const word = /^[\p{L}\p{N}_#*+-][\p{L}\p{N}\p{M} _.'’&/()#%$€+*°²³!?<>=@-]*$/u;

export function kindOfCell(cell: string): CellKind {
  const text = cell.trim();
  if (missing.test(text)) return 'empty';
  if (text.length > 400) return 'text';
  const first = text.charCodeAt(0);
  if (first < 0x3a || first > 0x7a || /^[A-Z]{3}/.test(text)) {
    if (number.test(text)) return 'number';
  }
  if (/\d/.test(text) && moment.test(text)) return 'moment';
  if (boolean.test(text)) return 'boolean';
  if (code.test(text)) return 'code';
  return word.test(text) ? 'word' : 'text';
}

/** True for what a name of a column never is: a number, a date, a time. */
export function isValueKind(kind: CellKind): boolean {
  return kind === 'number' || kind === 'moment';
}
