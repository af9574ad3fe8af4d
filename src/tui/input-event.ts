// The words between the terminal's bytes and the editor: what a person did on the keyboard.

export type KeyName =
  | 'enter'
  | 'tab'
  | 'escape'
  | 'backspace'
  | 'delete'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'page_up'
  | 'page_down'
  /** A letter or sign pressed together with Ctrl or Alt; it is in `char`, lower case. */
  | 'char';

export type Key = {type: 'key'; name: KeyName; char: string; ctrl: boolean; alt: boolean; shift: boolean};

/** `text` is typed characters without control characters. `paste` has `\n` as its only line end. */
export type InputEvent = Key | {type: 'text'; text: string} | {type: 'paste'; text: string};

export function key(name: KeyName, modifiers: Partial<Omit<Key, 'type' | 'name'>> = {}): Key {
  return {type: 'key', name, char: '', ctrl: false, alt: false, shift: false, ...modifiers};
}
