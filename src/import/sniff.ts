// Decides what an upload is from its bytes; the name is only a hint. Never throws on content.

/** `text` may still be JSON, lines of JSON or delimited text. `other` is what we can name but not read. */
export type Sniffed =
  | {
      kind:
        | 'parquet'
        | 'arrow'
        | 'sqlite'
        | 'gzip'
        | 'zstd'
        | 'zip'
        | 'xlsx'
        | 'json'
        | 'ndjson'
        | 'text'
        | 'empty'
        | 'blank';
    }
  | {kind: 'other'; label: string};

type Magic = {bytes: string; at?: number; sniffed: Sniffed};

const other = (label: string): Sniffed => ({kind: 'other', label});

const magics: Magic[] = [
  {bytes: 'PAR1', sniffed: {kind: 'parquet'}},
  {bytes: 'ARROW1', sniffed: {kind: 'arrow'}},
  {bytes: 'FEA1', sniffed: other('a Feather version 1 file')},
  {bytes: 'SQLite format 3\0', sniffed: {kind: 'sqlite'}},
  {bytes: '\x1f\x8b', sniffed: {kind: 'gzip'}},
  {bytes: '\x28\xb5\x2f\xfd', sniffed: {kind: 'zstd'}},
  {bytes: 'PK\x05\x06', sniffed: other('an empty zip archive')},
  {bytes: '%PDF', sniffed: other('a PDF document')},
  {bytes: '\x89PNG', sniffed: other('a PNG image')},
  {bytes: 'GIF8', sniffed: other('a GIF image')},
  {bytes: '\xff\xd8\xff', sniffed: other('a JPEG image')},
  {bytes: '\x7fELF', sniffed: other('a program (ELF)')},
  {bytes: 'MZ\x90', sniffed: other('a Windows program')},
  {bytes: '\xca\xfe\xba\xbe', sniffed: other('a program')},
  {bytes: '\xcf\xfa\xed\xfe', sniffed: other('a macOS program')},
  {bytes: '\0asm', sniffed: other('a WebAssembly program')},
  {bytes: 'BZh', sniffed: other('a bzip2 archive')},
  {bytes: '\xfd7zXZ\0', sniffed: other('an xz archive')},
  {bytes: '7z\xbc\xaf\x27\x1c', sniffed: other('a 7-Zip archive')},
  {bytes: 'Rar!\x1a\x07', sniffed: other('a RAR archive')},
  {bytes: 'ustar', at: 257, sniffed: other('a tar archive')},
  {bytes: '\x89HDF', sniffed: other('an HDF5 file')},
  {bytes: 'DUCK', at: 8, sniffed: other('a DuckDB database')},
  {bytes: 'FEA1', sniffed: other('a Feather 1 file')},
  {bytes: 'ORC', sniffed: other('an ORC file')},
  {bytes: 'Obj\x01', sniffed: other('an Avro file')},
  {bytes: 'RIFF', sniffed: other('a sound or video file')},
  {bytes: 'OggS', sniffed: other('a sound or video file')},
  {bytes: 'ID3', sniffed: other('a sound file')},
  {bytes: 'ftyp', at: 4, sniffed: other('a video file')},
  {bytes: '{\\rtf', sniffed: other('a rich text document')},
  {bytes: '\x93NUMPY', sniffed: other('a NumPy array')},
  {bytes: '\x80\x04\x95', sniffed: other('a Python pickle')},
  {bytes: '<!--\0', sniffed: other('a document')},
];

/**
 * What the bytes are. `head` holds the first bytes (at least 512 when the file has them, 64 KiB are plenty); `extension`
 * is lower case without the dot and only decides between readings of text.
 */
export function sniff(head: Buffer, extension: string): Sniffed {
  if (head.length === 0) return {kind: 'empty'};
  for (const {bytes, at = 0, sniffed} of magics) {
    if (head.toString('latin1', at, at + bytes.length) === bytes) return sniffed;
  }
  if (head.toString('latin1', 0, 8) === '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1') return officeFile(head);
  if (isArrowStream(head)) return {kind: 'arrow'};
  if (head.length > 30 && head.toString('latin1', 0, 4) === 'PK\x03\x04')
    return {kind: zipHolds(head) ? 'xlsx' : 'zip'};
  if (isBinary(head)) return other('a binary file of an unknown kind');
  const text = decodeHead(head).trimStart();
  if (text === '') return {kind: 'blank'};
  if (/^(?:<!doctype html|<html\b)/i.test(text)) return other('an HTML page');
  if (/^<\?xml\b/i.test(text)) return other('an XML document');
  return textKind(text, extension);
}

/** The container of old Office files also holds new ones that are encrypted; its folder names the parts in UTF-16. */
function officeFile(head: Buffer): Sniffed {
  const names = (name: string) => head.includes(Buffer.from(name, 'utf16le'));
  if (names('EncryptedPackage')) return other('an encrypted Excel or Office file');
  if (names('Workbook') || names('Book')) return other('an old Excel file (.xls)');
  return other('an old or encrypted Excel or Office file');
}

/** A stream has no name of its own: it begins with a mark and the size of its schema, a multiple of 8. */
function isArrowStream(head: Buffer): boolean {
  if (head.length < 16 || head.readUInt32LE(0) !== 0xffffffff) return false;
  const size = head.readUInt32LE(4);
  return size > 0 && size % 8 === 0 && size < 2 ** 24;
}

function textKind(text: string, extension: string): Sniffed {
  if (/^\[\s*(?:[{\]["\d-]|true|false|null)/.test(text) && (extension === 'json' || /^\[\s*[{[]/.test(text)))
    return {kind: 'json'};
  if (text.startsWith('{')) {
    const [first = '', second = ''] = text.split(/\r?\n/, 2);
    if (isJsonObject(first) && (second.trim() === '' || second.trim().startsWith('{')))
      return {kind: second.trim() === '' && extension !== 'ndjson' && extension !== 'jsonl' ? 'json' : 'ndjson'};
    if (/^\{\s*(?:"|\})/.test(text)) return {kind: extension === 'ndjson' || extension === 'jsonl' ? 'ndjson' : 'json'};
  }
  if (extension === 'json') return {kind: 'json'};
  if (extension === 'ndjson' || extension === 'jsonl') return {kind: 'ndjson'};
  return {kind: 'text'};
}

function isJsonObject(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

function zipHolds(head: Buffer): boolean {
  const first = head.toString('latin1', 30, 30 + head.readUInt16LE(26));
  return first === '[Content_Types].xml' || /^(?:_rels|docProps|xl)\//.test(first);
}

/** NUL bytes mean binary, unless their places are those of UTF-16; so do many other control characters. */
function isBinary(head: Buffer): boolean {
  if (isUtf16(head) !== null) return false;
  let nulls = 0;
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) nulls++;
    else if (
      byte < 0x20 &&
      byte !== 9 &&
      byte !== 10 &&
      byte !== 13 &&
      byte !== 12 &&
      byte !== 0x1b &&
      byte !== 1 &&
      (byte < 0x1c || byte > 0x1f)
    )
      controls++;
  }
  return nulls > Math.max(1, head.length * 0.002) || controls > head.length * 0.05;
}

/** UTF-16 by its mark, or by NULs that stand at every other byte. */
export function isUtf16(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const size = Math.min(head.length, 4096) & ~1;
  if (size < 4) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < size; at += 2) {
    if (head[at] === 0) even++;
    if (head[at + 1] === 0) odd++;
  }
  const pairs = size / 2;
  if (odd > pairs * 0.6 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.6 && odd < pairs * 0.05) return 'utf-16be';
  return null;
}

function decodeHead(head: Buffer): string {
  return new TextDecoder(isUtf16(head) ?? 'utf-8').decode(head.subarray(0, 16_384));
}
