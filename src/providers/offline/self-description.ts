// What the analyst says of itself: what it is, what it can answer, with examples from the real columns.

import {subjectOf} from './datasets.ts';
import type {Intent, Subject, Surroundings} from './intent.ts';
import {firstSteps} from './next-steps.ts';

const whatItIs =
  'I am the built-in analyst of ds-agent: fixed rules, no language model, no network. Every number I give is computed from your data.';

const addData =
  'Add a file with `import path/to/file.csv` here, `/upload path/to/file.csv` in the chat, or `ds-agent upload file.csv` in a shell.';

const abilities =
  'I can describe a dataset, count, average, sum and rank (by groups, with conditions), show distributions, percentiles, ' +
  'correlations, missing values, outliers, duplicates and trends over time, compare groups, draw charts, list values and ' +
  'rows, and run SQL you type.';

/** Answers that need no tool. */
export function sayHelp(
  intent: Extract<Intent, {kind: 'help' | 'no_dataset' | 'no_step' | 'refused' | 'unclear'}>,
  surroundings: Surroundings,
): string {
  const subject = activeSubject(surroundings);
  switch (intent.kind) {
    case 'no_dataset':
      return `There is no dataset yet, so there is nothing to compute from. ${addData} Then ask, for example: “describe it”, “average price by region”.`;
    case 'no_step':
      return `There is no numbered next step ${intent.text} to follow here. ${subject ? examples(subject) : addData}`;
    case 'refused':
      return `${intent.reason}\n\n${subject ? examples(subject, 3) : addData}`;
    case 'unclear': {
      const [nearest] = intent.suggestions;
      const tip = nearest ? ` Did you mean “${nearest}”?` : '';
      return `${intent.reason}${tip}\n\n${examples(intent.subject, 3)}`;
    }
    case 'help': {
      if (intent.tone === 'thanks')
        return subject
          ? `You are welcome. Ask on about ${subject.name} whenever you like.`
          : `You are welcome. ${addData}`;
      const hello = intent.tone === 'greeting' ? 'Hello. ' : '';
      if (!subject) return `${hello}${whatItIs} There is no dataset yet. ${addData}\n\n${abilities}`;
      return `${hello}${whatItIs}\n\n${abilities}\n\n${examples(subject)}`;
    }
    default:
      return intent satisfies never;
  }
}

function activeSubject({datasets, activeDataset}: Surroundings): Subject | null {
  const dataset = datasets.find(({name}) => name === activeDataset) ?? datasets[0];
  return dataset ? subjectOf(dataset) : null;
}

function examples(subject: Subject, most = 6): string {
  const lines = firstSteps(subject)
    .slice(0, most)
    .map(({prompt}) => `- ${prompt}`);
  return `For ${subject.name} you can ask, for example:\n${lines.join('\n')}`;
}
