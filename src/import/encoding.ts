// Finds how the bytes of a text stand for characters, and decodes them piece by piece.

import {isUtf8} from 'node:buffer';
import {isUtf16} from './sniff.ts';

/** `name` is a label TextDecoder knows; `bomBytes` are skipped. `confidence` is 0 to 1. */
export type Encoding = {name: string; bomBytes: number; confidence: number};

/**
 * Guesses the encoding of a text from a sample of it. `valid` says whether the whole file is valid UTF-8, as counted
 * while it was copied; null when not known.
 */
export function guessEncoding(sample: Buffer, valid: boolean | null): Encoding {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf)
    return {name: 'utf-8', bomBytes: 3, confidence: 1};
  const wide = isUtf16(sample);
  if (wide) {
    const hasMark = (sample[0] ?? 0) >= 0xfe;
    return {name: wide, bomBytes: hasMark ? 2 : 0, confidence: hasMark ? 1 : 0.9};
  }
  if (valid ?? isUtf8(wholeCharacters(sample))) return {name: 'utf-8', bomBytes: 0, confidence: 1};
  return guessLegacy(sample);
}

/** The sample without a last character that it may have cut. */
export function wholeCharacters(sample: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, sample.length); back++) {
    const byte = sample[sample.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return sample.subarray(0, sample.length - back);
  }
  return sample;
}

const multiByte = ['shift_jis', 'gb18030', 'euc-jp', 'euc-kr', 'big5'];
const singleByte = [
  'windows-1252',
  'windows-1251',
  'windows-1250',
  'iso-8859-7',
  'windows-1254',
  'windows-1255',
  'koi8-r',
];

/** Tries each encoding: the one whose decoded letters look most like one written language wins. */
function guessLegacy(sample: Buffer): Encoding {
  // Mostly good UTF-8 with a few broken bytes is UTF-8 that was damaged, not another encoding.
  const asUtf8 = new TextDecoder('utf-8').decode(sample);
  const broken = (asUtf8.match(/\ufffd/g) ?? []).length;
  const whole = (asUtf8.match(/[\u0080-\ufffc]/g) ?? []).length;
  if (whole > broken * 4) return {name: 'utf-8', bomBytes: 0, confidence: 0.8};
  const scored = [...multiByte, ...singleByte]
    .map(name => ({name, score: legacyScore(name, sample)}))
    .sort((a, b) => b.score - a.score);
  const [best, second] = scored;
  const confidence = best && second ? Math.min(0.95, Math.max(0.3, 0.5 + (best.score - second.score) / 2)) : 0.3;
  return {name: best?.name ?? 'windows-1252', bomBytes: 0, confidence: Math.round(confidence * 100) / 100};
}

function legacyScore(name: string, sample: Buffer): number {
  const text = new TextDecoder(name).decode(wholePairs(sample));
  const foreign = [...text.slice(0, 20_000)].filter(character => character > '\u007f');
  if (foreign.length === 0) return 0;
  const share = (pattern: RegExp) => foreign.filter(character => pattern.test(character)).length / foreign.length;
  const bad = share(/[\ufffd\u0080-\u009f\ue000-\uf8ff]/u);
  // Letters inside words, in a script that the encoding is made for; odd symbols and capitals amid small letters are unlikely.
  const mixed = (text.match(/\p{Ll}\p{Lu}/gu) ?? []).length / foreign.length;
  const symbols = share(/[\p{S}\p{P}\p{Sk}]/u) - share(/[€£°–—‘’“”«»…§©®]/u);
  let good = 0;
  if (name === 'shift_jis' || name === 'euc-jp')
    good = share(/[\u3040-\u30ff\u4e00-\u9fff、。・「」（）]/u) * (/[\u3040-\u30ff]/.test(text) ? 1 : 0.7);
  else if (name === 'gb18030') good = share(/[\u4e00-\u9fff，。（）、：]/u) * (commonChinese.test(text) ? 0.95 : 0.6);
  else if (name === 'big5') good = share(/[\u4e00-\u9fff，。（）、：]/u) * (commonChinese.test(text) ? 0.9 : 0.5);
  else if (name === 'euc-kr') good = share(/[\uac00-\ud7a3]/u);
  else if (name === 'windows-1251') good = share(/[\u0410-\u044fёЁ]/u) * cyrillicFit(text);
  else if (name === 'koi8-r') good = share(/[\u0410-\u044fёЁ]/u) * cyrillicFit(text) * 0.98;
  else if (name === 'iso-8859-7') good = share(/[\u0370-\u03ff]/u) * 0.95 * (share(/[αειοτνσ]/) > 0.3 ? 1 : 0.5);
  else if (name === 'windows-1255') good = share(/[\u05d0-\u05ea]/u) * 0.95;
  else if (name === 'windows-1250')
    good = share(/[ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžČĎĚŇŘŠŤŮŽáéíőűöüÖÜÁÉ]/u) * (share(/[łęążśěřůőű]/u) > 0.2 ? 0.97 : 0.7);
  else if (name === 'windows-1254') good = share(/[ğşıİĞŞöüçÖÜÇ]/u) * (share(/[ğşı]/u) > 0.2 ? 0.97 : 0.7);
  else
    good = share(/[àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßŒ€£°–—‘’“”«»…§©®µ²³½¿¡ªº\u00a0]/u) * 0.9;
  // Letters of another script do not stand inside Latin words.
  const latin = name.startsWith('windows-125') && !['windows-1251', 'windows-1255'].includes(name);
  const beside = latin
    ? 0
    : (text.match(/[A-Za-z](?=[\u0080-\uffff])|[\u0080-\uffff](?=[a-z])/g) ?? []).length / foreign.length;
  return good - bad * 3 - Math.min(0.5, mixed) - Math.max(0, symbols) * 0.5 - Math.min(1, beside) * 0.6;
}

const commonChinese = /[的是在有人中大国我不一了上年市区公司名价格数量日期產品號地址的電話]/;

/** Small letters dominate Russian text; a wrong table turns them into capitals. */
function cyrillicFit(text: string): number {
  const small = (text.match(/[\u0430-\u044f]/g) ?? []).length;
  const frequent = (text.match(/[оеаинтсОЕАИНТС]/g) ?? []).length;
  const all = (text.match(/[\u0410-\u044f]/g) ?? []).length || 1;
  return 0.4 + 0.3 * (small / all) + 0.3 * Math.min(1, (frequent / all) * 2);
}

function wholePairs(sample: Buffer): Buffer {
  const lastLine = sample.lastIndexOf(0x0a);
  return lastLine > sample.length / 2 ? sample.subarray(0, lastLine) : sample;
}

/** Decodes a byte stream; counts characters that the encoding does not know (they become U+FFFD). */
export class CountingDecoder {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #encoding: Encoding;
  #skip: number;
  badCharacters = 0;

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(encoding.name, {ignoreBOM: true});
    this.#skip = encoding.bomBytes;
  }

  decode(bytes: Uint8Array): string {
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    return this.#count(this.#decoder.decode(bytes.subarray(skipped), {stream: true}));
  }

  end(): string {
    return this.#count(this.#decoder.decode());
  }

  get name(): string {
    return this.#encoding.name;
  }

  #count(text: string): string {
    if (text.includes('\ufffd')) this.badCharacters += text.split('\ufffd').length - 1;
    return text;
  }
}
