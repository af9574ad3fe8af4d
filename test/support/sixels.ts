// Draws sixels as a terminal would, so that a test can compare pixels.

/** Red, green and blue for each pixel, rows from the top; null where nothing was drawn. */
export function drawSixels(text: string): {width: number; height: number; pixels: (number[] | null)[]; colors: number} {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence starts and ends with a control character
  const [, width = '', height = '', body = ''] = /^\x1bP0;1;0q"1;1;(\d+);(\d+)([\s\S]*)\x1b\\$/.exec(text) ?? [];
  const size = {width: Number(width), height: Number(height)};
  const pixels = new Array<number[] | null>(size.width * size.height).fill(null);
  const registers = new Map<number, number[]>();
  let [x, top, color] = [0, 0, 0];
  for (const [token] of body.matchAll(/#\d+;2;\d+;\d+;\d+|#\d+|!\d+[?-~]|[?-~]|[$-]/g)) {
    if (token === '$') x = 0;
    else if (token === '-') [x, top] = [0, top + 6];
    else if (token.startsWith('#')) {
      const [register = 0, , ...percents] = token.slice(1).split(';').map(Number);
      if (percents.length > 0)
        registers.set(
          register,
          percents.map(each => Math.round((each * 255) / 100)),
        );
      color = register;
    } else {
      const count = token.startsWith('!') ? Number(token.slice(1, -1)) : 1;
      const bits = (token.at(-1)?.charCodeAt(0) ?? 63) - 63;
      for (const end = x + count; x < end; x++)
        for (let row = 0; row < 6; row++)
          if (bits & (1 << row)) {
            if (x >= size.width || top + row >= size.height) throw new Error(`a pixel outside: ${x}, ${top + row}`);
            pixels[(top + row) * size.width + x] = registers.get(color) ?? [-1, -1, -1];
          }
    }
  }
  return {...size, pixels, colors: registers.size};
}
