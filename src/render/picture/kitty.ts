// A picture in the graphics protocol of kitty, which Ghostty and others speak too.

const mostOfChunk = 4096;

/** Removes the pictures from the screen; those in the scrollback stay. */
export const kittyErase = '\x1b_Ga=d,d=a,q=2\x1b\\';

/**
 * The PNG at the cursor, over `columns` × `rows` cells. The cursor stays where it is, and the terminal answers nothing, not
 * even an error, which would arrive as if it had been typed.
 */
export function kittyImage(png: Uint8Array, {columns, rows}: {columns: number; rows: number}): string {
  const text = Buffer.from(png).toString('base64');
  const count = Math.max(1, Math.ceil(text.length / mostOfChunk));
  return Array.from({length: count}, (_, index) => {
    const first = index === 0 ? `a=T,f=100,t=d,C=1,c=${columns},r=${rows},` : '';
    const more = index < count - 1 ? 1 : 0;
    const part = text.slice(index * mostOfChunk, (index + 1) * mostOfChunk);
    return `\x1b_G${first}q=2,m=${more};${part}\x1b\\`;
  }).join('');
}
