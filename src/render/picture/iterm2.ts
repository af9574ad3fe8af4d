// A picture in the protocol of iTerm2, which WezTerm and others speak too.

/** The PNG at the cursor, inside `columns` × `rows` cells. Where the cursor is afterwards depends on the terminal. */
export function iterm2Image(png: Uint8Array, {columns, rows}: {columns: number; rows: number}): string {
  const fields = {inline: 1, size: png.length, width: columns, height: rows, preserveAspectRatio: 1};
  const head = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return `\x1b]1337;File=${head.join(';')}:${Buffer.from(png).toString('base64')}\x07`;
}
