// What a terminal can do, as far as its environment tells.

/**
 * These wrap the row of the cursor anew when they get narrower. xterm.js (VS Code, web terminals) leaves it as it is, and
 * xterm, rxvt and the console cut every row; a terminal that is not known counts as one of those.
 */
export function wrapsCursorRow({TERM_PROGRAM, TERM, ...env}: NodeJS.ProcessEnv): boolean {
  if (TERM_PROGRAM) return ['Apple_Terminal', 'iTerm.app', 'WezTerm', 'ghostty', 'tmux'].includes(TERM_PROGRAM);
  const variables = ['VTE_VERSION', 'KITTY_WINDOW_ID', 'WT_SESSION'];
  return variables.some(name => env[name] !== undefined) || /^(foot|alacritty)/.test(TERM ?? '');
}

/** True for terminals known to show OSC 8 links. tmux passes them on only when it is told to. */
export function showsLinks({TERM_PROGRAM, TERM, VTE_VERSION, ...env}: NodeJS.ProcessEnv): boolean {
  if (env.TMUX || env.STY) return false;
  if (TERM_PROGRAM) return ['iTerm.app', 'WezTerm', 'ghostty', 'vscode'].includes(TERM_PROGRAM);
  if (VTE_VERSION) return Number(VTE_VERSION) >= 5000;
  return env.KITTY_WINDOW_ID !== undefined || env.WT_SESSION !== undefined || /^(foot|alacritty)/.test(TERM ?? '');
}

export const imageWishes = ['auto', 'off', 'kitty', 'iterm2', 'sixel'] as const;
export type ImageWish = (typeof imageWishes)[number];

/** How a terminal shows pictures. `ask`: only the terminal itself can say whether it shows sixels. */
export type ImageWay = 'kitty' | 'iterm2' | 'sixel' | 'ask' | null;

/**
 * What is wished for, or what the environment tells. Inside tmux and screen pictures do not reach the terminal, so nothing
 * is sent there unasked; those that a shell inherited from another terminal are told by the name of the present one.
 */
export function imageWayOf(wish: ImageWish, {TERM = '', TERM_PROGRAM, ...env}: NodeJS.ProcessEnv): ImageWay {
  if (TERM === 'dumb' || wish === 'off') return null;
  if (wish !== 'auto') return wish;
  if (env.TMUX || env.STY || /^(tmux|screen|linux|vt220$)/.test(TERM)) return null;
  if (/^xterm-(kitty|ghostty)/.test(TERM) || TERM_PROGRAM === 'ghostty') return 'kitty';
  if (['iTerm.app', 'WezTerm', 'mintty'].includes(TERM_PROGRAM ?? '') || env.LC_TERMINAL === 'iTerm2') return 'iterm2';
  const isOther = [TERM_PROGRAM, env.XTERM_VERSION, env.VTE_VERSION, env.KONSOLE_VERSION].some(Boolean);
  return env.KITTY_WINDOW_ID && !isOther && TERM.startsWith('xterm') ? 'kitty' : 'ask';
}

export function multiplexerOf({TMUX, STY}: NodeJS.ProcessEnv): 'tmux' | 'screen' | null {
  return TMUX ? 'tmux' : STY ? 'screen' : null;
}
