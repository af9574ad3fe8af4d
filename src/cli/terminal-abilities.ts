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

export function multiplexerOf({TMUX, STY}: NodeJS.ProcessEnv): 'tmux' | 'screen' | null {
  return TMUX ? 'tmux' : STY ? 'screen' : null;
}
