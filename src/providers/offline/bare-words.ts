// What is asked for in a word and nothing else ("forecast", "train a model"): done where only one thing can be meant, else asked back.

import type {Column} from '../../core/dataset.ts';
import {unclear} from './choices.ts';
import {isIdentifier, isMeasurable, timeColumn} from './choose.ts';
import type {Intent, Subject} from './intent.ts';
import {columnOf} from './names.ts';
import type {Parts} from './parts.ts';
import {isCalendar} from './periods.ts';
import type {Asked, Request} from './statistics.ts';

const doing = '(?:(?:make|do|give|show|run|create|build|train|fit|get) )?(?:me )?(?:a |an |the |some )?(?:best )?';
const whatever = '(?: (?:it|this|that|the data|my data|the future|something|everything))?';
const forecasting = new RegExp(`^${doing}(?:forecast(?:s|ing)?|predict the future)${whatever}$`);
const training = new RegExp(
  `^(?:${doing}(?:train|training|predict|predictions?|models?|classifiers?|machine learning)${whatever}|(?:train|build|fit|create|make))$`,
);

const isCalled = (text: string, {columns}: Subject) => columnOf(text, columns) !== null;

export const BARE_REQUESTS: readonly Request[] = [
  {
    pattern: new RegExp(`(${forecasting.source})`),
    read: ([text = ''], subject) => (isCalled(text, subject) ? null : onlyForecast(subject)),
  },
  {
    pattern: new RegExp(`(${training.source})`),
    // Without a target the training itself says which columns are likely ones.
    read: ([text = ''], subject) =>
      isCalled(text, subject) ? null : {tool: 'train_model', args: {dataset: subject.name}},
  },
  {
    pattern:
      /^((?:evaluate|judge|test)(?: (?:it|(?:the |my |this )?(?:latest |last )?model))?|how (?:good|accurate|well) (?:is|does) (?:the |my |this )?(?:latest |last )?model(?: work| do| perform)?)$/,
    read: ([text = ''], subject) => ofLatest('evaluate_model', text, subject),
  },
  {
    pattern: /^(explain(?: (?:the |my |this )?(?:latest |last )?model))$/,
    read: ([text = ''], subject) => ofLatest('explain_model', text, subject),
  },
  {
    pattern: /^(reduce|reduction|(?:reduce|reduction of) (?:it|the data|(?:the )?dimensions))$/,
    read: ([text = ''], subject) => (isCalled(text, subject) ? null : {tool: 'reduce', args: {dataset: subject.name}}),
  },
];

function ofLatest(tool: string, text: string, subject: Subject): Asked | null {
  return isCalled(text, subject) ? null : {tool, args: {dataset: subject.name, model: 'latest'}};
}

function valuesOf({columns, rows}: Subject): Column[] {
  return columns.filter(column => isMeasurable(column) && !isIdentifier(column, rows));
}

/** There is one number and one time. */
function onlyForecast(subject: Subject): Asked | null {
  const time = timeColumn(subject);
  const [value, ...more] = valuesOf(subject).filter(column => column !== time);
  const isAlone = subject.columns.filter(isCalendar).length <= 1;
  if (!time || !isAlone || !value || more.length > 0) return null;
  return {
    tool: 'forecast',
    args: {dataset: subject.name, value: value.name, time: time.name},
    note: `Read as: forecast ${value.name} along ${time.name}, the only number and the only time here.`,
  };
}

/** What is missing to do what the word says; null for other questions. */
export function asksBack(parts: Parts): Intent | null {
  const {subject} = parts;
  const text = parts.text.replace(/[?!.]+$/, '').trim();
  if (isCalled(text, subject)) return null;
  if (forecasting.test(text)) {
    const time = timeColumn(subject);
    const numbers = valuesOf(subject)
      .filter(column => column !== time)
      .map(({name}) => name);
    if (!time) return unclear(parts, `A forecast goes along a date or time column, and ${subject.name} has none.`);
    if (numbers.length === 0)
      return unclear(parts, `A forecast needs a number along ${time.name}, and ${subject.name} has none.`, [
        'forecast the number of rows',
      ]);
    return unclear(
      parts,
      `Which number is to be forecast along ${time.name}: ${numbers.slice(0, 8).join(', ')}?`,
      numbers.slice(0, 3).map(name => `forecast ${name}`),
    );
  }
  return null;
}
