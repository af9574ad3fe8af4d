// Puts text on the clipboard of the person's terminal by OSC 52, which also works over SSH; no terminal says whether it did.

import {formatBytes, formatCount} from '../core/text.ts';

/** Terminals drop longer sequences; this is xterm's and tmux's old bound of 100,000 characters of base64. */
export const mostClipboardBytes = 74_994;

export type Clipboard = {
  /** Says what was done. `keep` writes the text to a file and gives its path; it is used for what no terminal takes. */
  copy(text: string, keep: (text: string) => Promise<string>): Promise<string>;
};

/** `multiplexer` is what stands between the program and the terminal, where that is known. */
export function createClipboard(write: (data: string) => void, multiplexer: 'tmux' | 'screen' | null): Clipboard {
  return {
    async copy(text, keep) {
      const sizeBytes = Buffer.byteLength(text);
      if (sizeBytes > mostClipboardBytes) {
        const path = await keep(text);
        return `${formatBytes(sizeBytes)} are more than terminals take (${formatBytes(mostClipboardBytes)}); the text is in ${path}.`;
      }
      const sequence = `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
      if (multiplexer === 'screen') write(`\x1bP${sequence}\x1b\\`);
      else write(sequence);
      // tmux hands on what is wrapped where allow-passthrough is on, and the plain form where set-clipboard is.
      if (multiplexer === 'tmux') write(`\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`);
      const note =
        multiplexer === 'tmux' ? ' tmux needs "set -g set-clipboard on" or "set -g allow-passthrough on" for it.' : '';
      return `Sent ${formatCount(text.length)} characters to the clipboard of the terminal (OSC 52).${note}`;
    },
  };
}
