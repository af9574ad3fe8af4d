// What a terminal says of itself when it is asked. It arrives among the keys and is never typed text.

export type TerminalReport =
  | {type: 'kitty_supported'}
  /** What it can do, as DEC numbered it: 4 is sixels. Every terminal answers this question. */
  | {type: 'attributes'; codes: number[]}
  /** Pixels of one character. */
  | {type: 'cell_size'; width: number; height: number}
  /** Of sixels: how many colours, or the pixels of a picture at most. */
  | {type: 'sixel_colors'; count: number}
  | {type: 'sixel_area'; width: number; height: number}
  | {type: 'background'; dark: boolean};

/** Null for a sequence that says nothing we ask for. */
export function reportOf(sequence: string): TerminalReport | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with a control character
  const csi = /^\x1b\[(\??)([\d;]*)([a-zA-Z])$/.exec(sequence);
  if (!csi) return backgroundOf(sequence);
  const [, prefix, parameters = '', final = ''] = csi;
  const [first, second, third, fourth] = parameters.split(';').map(Number);
  switch (`${prefix}${final}`) {
    case '?u':
      return {type: 'kitty_supported'};
    case '?c':
      return {type: 'attributes', codes: parameters.split(';').map(Number)};
    case 't':
      return first === 6 && second && third ? {type: 'cell_size', height: second, width: third} : null;
    case '?S':
      if (second !== 0 || !third) return null;
      if (first === 1) return {type: 'sixel_colors', count: third};
      return first === 2 && fourth ? {type: 'sixel_area', width: third, height: fourth} : null;
    default:
      return null;
  }
}

function backgroundOf(sequence: string): TerminalReport | null {
  const [, ...digits] = /^.\]11;rgba?:([\da-f]+)\/([\da-f]+)\/([\da-f]+)/i.exec(sequence) ?? [];
  if (digits.length < 3) return null;
  const [red = 0, green = 0, blue = 0] = digits.map(each => Number.parseInt(each, 16) / (16 ** each.length - 1));
  return {type: 'background', dark: 0.299 * red + 0.587 * green + 0.114 * blue < 0.5};
}
