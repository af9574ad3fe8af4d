// The command line as completion needs it, made from the tables that the parser and the help are made from.

import {commandTable, globalOptions, type Option, type Words} from '../command-table.ts';

/** `flags` are every spelling. `value` is what stands behind it: null for a switch, `text` for what can't be completed. */
export type Flag = {flags: string[]; about: string; value: Words | 'text' | null};

/** `operands` are what the words behind the name can be; the last one repeats. */
export type CompletedCommand = {name: string; about: string; operands: readonly Words[]; flags: Flag[]};

export const helpFlag: Flag = {flags: ['-h', '--help'], about: 'show this help', value: null};
export const globalFlags: readonly Flag[] = [
  ...globalOptions.map(flagOf),
  {flags: ['-V', '--version'], about: 'print the version', value: null},
  helpFlag,
];

export const completedCommands: readonly CompletedCommand[] = commandTable
  .filter(command => !('hidden' in command))
  .map(command => ({
    name: command.name,
    about: command.about,
    operands: 'operands' in command ? command.operands : [],
    flags: command.options.map(flagOf),
  }));

function flagOf({flags, about, words}: Option): Flag {
  const placeholder = /<([^>]+)>/.exec(flags)?.[1];
  const spellings = flags.match(/(?<=^|\s)--?[A-Za-z][\w-]*/g) ?? [];
  const known = placeholder === 'file' ? 'files' : placeholder === 'dir' ? 'folders' : 'text';
  return {flags: spellings, about, value: placeholder === undefined ? null : (words ?? known)};
}
