// What Tab offers: commands, datasets and columns, with their names as they have to be typed.

import {type Column, currentVersion, type Dataset} from '../core/dataset.ts';
import {counted} from '../core/text.ts';
import type {Completion} from '../tui/chat-host.ts';
import {pathsFrom} from './path-completion.ts';
import {quoted} from './slash/words.ts';
import {type SlashCommand, slashCommands} from './slash.ts';

const mostShown = 50;

export type Known = {datasets: readonly Dataset[]; active: string | undefined};

/** /commands at the start of a line and what stands behind them; @dataset and @dataset.column anywhere. */
export function completions(line: string, cursor: number, known: Known): Completion[] {
  const before = line.slice(0, cursor);
  const command = /^\/(\w*)$/.exec(before);
  if (command) return commandsFrom(command[1] ?? '');
  const mention = /(^|\s)@([\w.]*)$/.exec(before);
  const path = /(?:^|\s)@(\S*)$/.exec(before)?.[1];
  const files =
    path === undefined
      ? []
      : pathsFrom(path, 'word').map(each => ({...each, start: cursor - path.length, insert: each.label}));
  if (mention) return [...mentionsOf(mention[2] ?? '', cursor, known.datasets), ...files].slice(0, mostShown);
  if (path !== undefined) return files;
  const [, name, rest] = /^\/(\w+)\s([\s\S]*)$/.exec(before) ?? [];
  const found = slashCommands.find(each => each.name === name);
  if (found?.completes?.includes('files') && rest !== undefined)
    return pathsFrom(rest, 'line').map(each => ({...each, start: cursor - rest.length, insert: each.label}));
  return found && rest !== undefined ? argumentsOf(found, rest, {cursor, ...known}) : [];
}

function commandsFrom(start: string): Completion[] {
  return slashCommands
    .filter(({name}) => name.startsWith(start))
    .map(({name, args, about}) => ({
      label: `/${name}`,
      detail: `${args ? `${args}  ` : ''}${about}`,
      insert: `/${name}${args ? ' ' : ''}`,
      start: 0,
    }));
}

function mentionsOf(text: string, cursor: number, datasets: readonly Dataset[]): Completion[] {
  const typed = text.toLowerCase();
  const start = cursor - typed.length - 1;
  const [datasetName, columnStart] = typed.split('.', 2);
  const dataset = columnStart === undefined ? undefined : datasets.find(each => each.name === datasetName);
  if (dataset) {
    return currentVersion(dataset)
      .columns.filter(column => column.name.toLowerCase().startsWith(columnStart ?? ''))
      .slice(0, mostShown)
      .map(column => ({label: column.name, detail: column.type, insert: `${dataset.name}.${column.name} `, start}));
  }
  return datasets
    .filter(each => each.name.startsWith(typed))
    .map(each => ({
      label: each.name,
      detail: counted(currentVersion(each).rows, 'row'),
      insert: each.name,
      start,
    }));
}

/** The word being typed, as a column of the dataset worked on, a dataset, or a word of the command. */
function argumentsOf(
  {completes = [], words = []}: SlashCommand,
  rest: string,
  {cursor, datasets, active}: Known & {cursor: number},
): Completion[] {
  // An odd number of quotes: the word began at the last one.
  const isOpen = rest.split('"').length % 2 === 0;
  const typed = isOpen ? /(")([^"]*)$/.exec(rest) : /(?:^|[\s,;])()([^\s,;"]*)$/.exec(rest);
  const [, quote = '', word = ''] = typed ?? [];
  if (!typed) return [];
  const start = cursor - word.length - quote.length;
  const starts = (name: string) => name.toLowerCase().startsWith(word.toLowerCase());
  const columns: readonly Column[] = datasets
    .filter(({name}) => name === active)
    .flatMap(each => currentVersion(each).columns);
  const found = [
    ...(quote === '' ? words.filter(starts).map(each => ({label: each, detail: '', insert: `${each} `})) : []),
    ...(completes.includes('columns') ? columns : [])
      .filter(({name}) => starts(name))
      .map(({name, type}) => ({label: name, detail: type, insert: `${quoted(name)} `})),
    ...(completes.includes('datasets') ? datasets : [])
      .filter(({name}) => starts(name))
      .map(each => ({
        label: each.name,
        detail: counted(currentVersion(each).rows, 'row'),
        insert: `${each.name} `,
      })),
  ];
  // A word that is written out needs no list, which would take the Enter that sends the line.
  if (found.some(({label}) => label.toLowerCase() === word.toLowerCase())) return [];
  return found.slice(0, mostShown).map(each => ({...each, start}));
}
