import {describe, expect, it} from 'vitest';
import {imageWayOf} from '../../src/cli/terminal-abilities.ts';

describe('the way to show pictures', () => {
  it.each<[string, Record<string, string>, string | null]>([
    ['kitty', {TERM: 'xterm-kitty', KITTY_WINDOW_ID: '1'}, 'kitty'],
    ['kitty over ssh', {TERM: 'xterm-kitty', SSH_TTY: '/dev/pts/1'}, 'kitty'],
    ['kitty with a plain TERM', {TERM: 'xterm-256color', KITTY_WINDOW_ID: '1'}, 'kitty'],
    ['xterm started from kitty', {TERM: 'xterm-256color', KITTY_WINDOW_ID: '1', XTERM_VERSION: 'XTerm(379)'}, 'ask'],
    ['Ghostty', {TERM: 'xterm-ghostty', TERM_PROGRAM: 'ghostty'}, 'kitty'],
    ['iTerm2', {TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app'}, 'iterm2'],
    ['iTerm2 over ssh', {TERM: 'xterm-256color', LC_TERMINAL: 'iTerm2'}, 'iterm2'],
    ['WezTerm', {TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm'}, 'iterm2'],
    ['VS Code, whose setting only it knows', {TERM: 'xterm-256color', TERM_PROGRAM: 'vscode'}, 'ask'],
    ['foot, Konsole, Windows Terminal and others', {TERM: 'foot'}, 'ask'],
    ['tmux in kitty', {TERM: 'tmux-256color', TMUX: '/tmp/x,1,0', KITTY_WINDOW_ID: '1'}, null],
    ['tmux on another machine', {TERM: 'screen-256color'}, null],
    ['screen in iTerm2', {TERM: 'xterm', STY: '1.x', LC_TERMINAL: 'iTerm2'}, null],
    ['the console of Linux', {TERM: 'linux'}, null],
    ['a terminal that prints lines only', {TERM: 'dumb', KITTY_WINDOW_ID: '1'}, null],
  ])('in %s', (_title, env, way) => {
    expect(imageWayOf('auto', env)).toBe(way);
  });

  it('is what is wished for, but for a terminal that prints lines only', () => {
    expect(imageWayOf('off', {TERM: 'xterm-kitty'})).toBeNull();
    expect(imageWayOf('sixel', {TERM: 'tmux-256color', TMUX: 'x'})).toBe('sixel');
    expect(imageWayOf('kitty', {TERM: 'dumb'})).toBeNull();
  });
});
