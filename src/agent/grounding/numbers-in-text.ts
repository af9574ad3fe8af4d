// Finds the figures in prose: numbers as people write them, without dates, list numbers, ordinals, names and code.

/** `value` is one way to read it; `unit` is the size of its last digit, so 4.20 has 0.01 and 3.1k has 100. */
export type Reading = {value: number; unit: number};

/** `readings` hold the likeliest first. `percent` and `hedged` ("about 4,000") widen what it may mean. */
export type Figure = {
  text: string;
  readings: Reading[];
  percent: boolean;
  negative: boolean;
  hedged: boolean;
  /** A bare whole number such as 2019 or 7, which may be a year or a count. */
  plain: boolean;
  before: string;
  after: string;
};

const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\\.?';

/** What holds digits and is no figure. Blanked in this order, so that places stay where they are. */
const notFigures: readonly RegExp[] = [
  /```[\s\S]*?(?:```|$)/g,
  // Code that is a number alone is a figure in fancy dress.
  /`(?!\s*[-−+]?[$€£]?[\d.,]+\s?%?\s*`)[^`\n]*`/g,
  /\{\{[^{}]*\}\}/g,
  /https?:\/\/\S+/g,
  /\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:?\d{2})?(?![\d-])/g,
  /\d{4}-(?:W\d{1,2}|Q[1-4])\b/gi,
  /\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/g,
  /\b\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?/gi,
  new RegExp(
    `\\b${month}\\s+\\d{1,2}(?:st|nd|rd|th)?(?:\\s*[-–]\\s*\\d{1,2})?(?:,?\\s+(?:19|20)\\d{2})?\\b(?![.,]\\d|\\s?%)`,
    'gi',
  ),
  new RegExp(`\\b(?:\\d{1,2}(?:st|nd|rd|th)?\\s+)?${month}\\s+(?:19|20)\\d{2}\\b`, 'gi'),
  new RegExp(`\\b\\d{1,2}\\s+${month}\\b`, 'gi'),
  /\b[QH][1-4]\b(?:\s+(?:19|20)\d{2})?/g,
  /^[ \t]*(?:#{1,6}[ \t]*|>[ \t]*)*\d{1,3}[.)](?=[ \t])/gm,
  /#\d+/g,
  /\b\d+(?:st|nd|rd|th)\b/gi,
  // Names: v2, col_3, COVID-19, p95, 3D, 2.0.1
  /(?<!\d)[\p{L}_][\p{L}\p{N}_]*-?\d[\p{L}\p{N}_.-]*/gu,
  /\b\d+(?:\.\d+){2,}\b/g,
  /\b\d+[A-Z](?![\p{L}])(?<![KMBT])/gu,
];

const scales: Record<string, number> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mn: 1e6,
  mio: 1e6,
  million: 1e6,
  millions: 1e6,
  b: 1e9,
  bn: 1e9,
  billion: 1e9,
  billions: 1e9,
  t: 1e12,
  tn: 1e12,
  trillion: 1e12,
};

const figure =
  /(?:([-−–+])(?=[$€£¥.\d]))?([$€£¥]\s?)?((?:\d{1,3}(?:[,.'\u00a0\u202f\u2009 ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?|\.\d+))(?:\s?[×x]\s?10\^?([-−]?\d+|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)|[eE]([-+−]?\d+))?(\s?(?:%|‰|percent(?:age points?)?\b|per cent\b|pct\b|pp\b|thousand\b|millions?\b|billions?\b|trillion\b|mn\b|mio\b|bn\b|tn\b)|[kKmMbBtT]\b)?/g;

const hedges =
  /(?:about|around|approximately|approx\.?|roughly|nearly|almost|some|over|under|more than|less than|fewer than|at least|up to|circa|ca\.|~|≈|>|<)\s*[$€£¥]?$/i;

/** Every figure of the text in its order. */
export function figuresIn(text: string): Figure[] {
  let left = text;
  for (const pattern of notFigures) left = left.replace(pattern, blank => ' '.repeat(blank.length));
  return [...left.matchAll(figure)].flatMap(match => {
    const [whole, sign = '', money = '', digits = '', power, exponent, suffix = ''] = match;
    const from = match.index + whole.indexOf(digits, sign.length + money.length);
    const before = left.slice(Math.max(0, match.index - 24), match.index);
    const after = text.slice(match.index + whole.length, match.index + whole.length + 40);
    const word = suffix.trim().toLowerCase();
    const scale = scales[word] ?? 1;
    const factor = 10 ** Number(plainDigits(power ?? exponent ?? '0'));
    const readings = readingsOf(digits).flatMap(({value, unit}) => {
      const scaled = {value: value * factor * scale, unit: unit * factor * scale};
      // "5 m" may be metres.
      return scale !== 1 && word.length === 1 ? [scaled, {value: value * factor, unit: unit * factor}] : [scaled];
    });
    const isRange = /[\d%]\s?$/.test(before);
    return [
      {
        text: text.slice(isRange || sign === '' ? from - money.length : match.index, match.index + whole.length).trim(),
        readings,
        percent: /^(?:%|‰|per|pct|pp)/.test(word),
        negative: /[-−]/.test(sign) && !isRange,
        hedged: hedges.test(left.slice(Math.max(0, from - 20), from).trimEnd()),
        plain: /^\d+$/.test(digits) && suffix === '' && power === undefined && exponent === undefined,
        before,
        after,
      },
    ];
  });
}

/** As an English reader, then as one from the continent: 1,234 and 1.234, 7,85 and 7.85. */
function readingsOf(digits: string): Reading[] {
  const english = digits.replaceAll(/[,'\u00a0\u202f\u2009 ](?=\d{3})/g, '');
  const continental = digits.replaceAll(/[.'\u00a0\u202f\u2009 ](?=\d{3})/g, '').replace(',', '.');
  return [...new Set([english, continental])].flatMap(text => (/^\d*\.?\d+$/.test(text) ? [readingOf(text)] : []));
}

function readingOf(text: string): Reading {
  const decimals = text.split('.')[1]?.length ?? 0;
  return {value: Number(text), unit: 10 ** -decimals};
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function plainDigits(text: string): string {
  return [...text]
    .map(each => (each === '⁻' || each === '−' ? '-' : superscripts.includes(each) ? superscripts.indexOf(each) : each))
    .join('');
}
