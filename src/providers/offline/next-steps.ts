// Three or four questions that follow from an answer. Each one is a prompt this analyst understands.

import type {Column} from '../../core/dataset.ts';
import {clip} from '../../core/text.ts';
import type {NextStep} from '../../core/tool.ts';
import {appeal, isIdentifier, isNumeric, measureColumns} from './choose.ts';
import type {DataIntent, Intent, Subject} from './intent.ts';
import {isCalendar, isYearColumn} from './periods.ts';

/** Columns worth asking about, found from the profile of the dataset alone. */
type Landmarks = {
  measure: Column | undefined;
  other: Column | undefined;
  group: Column | undefined;
  time: Column | undefined;
};

function landmarks(subject: Subject, used: Column[] = []): Landmarks {
  const measures = measureColumns(subject)
    .filter(column => !isYearColumn(column) && column.distinctCount > 2)
    .sort((a, b) => appeal(b) - appeal(a));
  const groups = subject.columns.filter(
    column => column.kind === 'text' && column.distinctCount >= 2 && column.distinctCount <= 30,
  );
  const fresh = <T extends Column>(columns: T[]) => columns.find(column => !used.includes(column)) ?? columns[0];
  const measure = used.find(column => measures.includes(column)) ?? measures[0];
  return {
    measure,
    other: measures.find(column => column !== measure),
    group: fresh(groups),
    time: subject.columns.find(isCalendar),
  };
}

/** Names that need it are quoted, so that the prompt is read back as the same column. */
export function spoken(column: Column): string {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(column.name) ? column.name : `"${column.name.replaceAll('"', '')}"`;
}

const step = (prompt: string, label = prompt.slice(0, 1).toUpperCase() + prompt.slice(1)): NextStep => ({
  label: clip(label.replace(/\s+/g, ' '), 70),
  prompt,
});

/** Questions to begin with, from the real columns; also the examples of "what can I ask". */
export function firstSteps(subject: Subject, used: Column[] = []): NextStep[] {
  const {measure, other, group, time} = landmarks(subject, used);
  const steps: NextStep[] = [];
  if (measure && group) steps.push(step(`average ${spoken(measure)} by ${spoken(group)}`));
  if (measure && time) steps.push(step(`${spoken(measure)} over time`));
  if (measure) steps.push(step(`distribution of ${spoken(measure)}`));
  if (subject.columns.some(({nullCount}) => nullCount > 0)) steps.push(step('missing values'));
  if (measure && other) steps.push(step(`correlation with ${spoken(measure)}`));
  if (group) steps.push(step(`count by ${spoken(group)}`));
  if (measure) steps.push(step(`outliers in ${spoken(measure)}`));
  steps.push(step(`describe ${subject.name}`), step('show first 5 rows'), step('duplicates'));
  return steps.slice(0, 8);
}

/** Follow-ups for a question about data; at most four, none of them the question itself. */
export function nextSteps(intent: Intent): NextStep[] {
  if (intent.kind === 'several') return intent.intents.slice(-1).flatMap(nextSteps);
  if (!('subject' in intent)) return [];
  if (intent.kind === 'unclear')
    return [...intent.suggestions.slice(0, 1).map(prompt => step(prompt)), ...firstSteps(intent.subject)].slice(0, 4);
  const specific = followUps(intent);
  const asked = new Set(specific.map(({prompt}) => prompt));
  const filler = firstSteps(intent.subject, usedColumns(intent)).filter(
    ({prompt}) => !asked.has(prompt) && !repeats(intent, prompt),
  );
  return [...specific, ...filler].slice(0, 5);
}

function repeats(intent: DataIntent, prompt: string): boolean {
  if (intent.kind === 'describe') return prompt.startsWith('describe');
  if (intent.kind === 'missing') return prompt === 'missing values';
  if (intent.kind === 'duplicates') return prompt === 'duplicates';
  if (intent.kind === 'rows') return prompt.startsWith('show');
  if (intent.kind === 'distribution') return prompt.startsWith('distribution');
  if (intent.kind === 'outliers') return prompt.startsWith('outliers');
  if (intent.kind === 'trend') return prompt.endsWith('over time');
  return false;
}

function followUps(intent: DataIntent): NextStep[] {
  const {subject} = intent;
  const used = usedColumns(intent);
  const {measure, group, time} = landmarks(subject, used);
  const steps: NextStep[] = [];
  const value = used.find(column => isNumeric(column) && !isIdentifier(column, subject.rows)) ?? measure;
  switch (intent.kind) {
    case 'aggregate': {
      const [first] = intent.measures;
      const [key] = intent.keys;
      if (key && first?.column && key.part === null)
        steps.push(
          step(`plot ${first.fn === 'sum' ? 'total' : 'average'} ${spoken(first.column)} by ${spoken(key.column)}`),
        );
      if (key && first && !first.column && key.part === null) steps.push(step(`plot count by ${spoken(key.column)}`));
      if (key && value && key.part === null && !isCalendar(key.column))
        steps.push(
          step(
            `compare ${spoken(value)} between ${spoken(key.column)} groups`,
            `Compare ${value.name} across ${key.column.name} in detail`,
          ),
        );
      if (!key && value && group) steps.push(step(`average ${spoken(value)} by ${spoken(group)}`));
      if (value && time && key?.part === undefined) steps.push(step(`${spoken(value)} over time`));
      if (value) steps.push(step(`distribution of ${spoken(value)}`));
      break;
    }
    case 'trend':
      if (intent.measure.column)
        steps.push(
          step(
            `plot ${intent.measure.fn === 'sum' ? 'total' : 'average'} ${spoken(intent.measure.column)} by ${intent.part}`,
          ),
        );
      if (group && value) steps.push(step(`average ${spoken(value)} by ${spoken(group)}`));
      steps.push(step(`${value ? `average ${spoken(value)}` : 'count'} by weekday`));
      break;
    case 'compare':
      if (intent.key.part === null && !subject.derived)
        steps.push(
          step(
            `is there a significant difference in ${spoken(intent.measure)} between ${spoken(intent.key.column)}`,
            `Test whether ${intent.measure.name} differs by ${intent.key.column.name}`,
          ),
        );
      steps.push(step(`plot average ${spoken(intent.measure)} by ${spoken(intent.key.column)}`));
      steps.push(step(`outliers in ${spoken(intent.measure)}`), step(`correlation with ${spoken(intent.measure)}`));
      break;
    case 'distribution':
      if (intent.column.kind === 'number')
        steps.push(step(`histogram of ${spoken(intent.column)}`), step(`outliers in ${spoken(intent.column)}`));
      if (intent.column.kind === 'number' && group)
        steps.push(step(`average ${spoken(intent.column)} by ${spoken(group)}`));
      if (intent.column.kind === 'text' && value)
        steps.push(
          step(`average ${spoken(value)} by ${spoken(intent.column)}`),
          step(`plot count by ${spoken(intent.column)}`),
        );
      break;
    case 'correlation': {
      const [a, b] = intent.columns;
      if (a && b)
        steps.push(
          step(`scatter plot of ${spoken(a)} and ${spoken(b)}`),
          step(`spearman correlation between ${spoken(a)} and ${spoken(b)}`),
        );
      break;
    }
    case 'outliers': {
      const [column] = intent.columns;
      if (column) steps.push(step(`top 10 rows by ${spoken(column)}`), step(`histogram of ${spoken(column)}`));
      break;
    }
    case 'rank_rows':
      steps.push(step(`distribution of ${spoken(intent.by)}`));
      if (group) steps.push(step(`average ${spoken(intent.by)} by ${spoken(group)}`));
      break;
    case 'distinct':
      if (value) steps.push(step(`average ${spoken(value)} by ${spoken(intent.column)}`));
      steps.push(step(`plot count by ${spoken(intent.column)}`));
      break;
    default:
      break;
  }
  return steps;
}

function usedColumns(intent: DataIntent): Column[] {
  switch (intent.kind) {
    case 'aggregate':
      return [
        ...intent.measures.map(({column}) => column).filter(column => column !== null),
        ...intent.keys.map(({column}) => column),
      ];
    case 'trend':
    case 'series':
    case 'growth':
      return [...(intent.measure.column ? [intent.measure.column] : []), intent.time];
    case 'compare':
      return [intent.measure, intent.key.column];
    case 'distribution':
    case 'distinct':
    case 'quantiles':
      return [intent.column];
    case 'rank_rows':
      return [intent.by];
    default:
      return [];
  }
}
