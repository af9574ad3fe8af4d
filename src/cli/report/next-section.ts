// What could be done next: first what the results themselves call for, then what the session offered last.

import type {Block, Prose} from '../../render/report/outline.ts';
import type {Material} from './material.ts';
import type {Result} from './result-blocks.ts';

/** Columns that a step names. */
const mostNamed = 3;
/** Steps that the chat offered after its last answer, mostly about that answer alone. */
const mostOffered = 3;

export function nextStepBlocks(material: Material): Block[] {
  const {nextSteps, standard, models, trained} = material;
  const offered = nextSteps.slice(0, mostOffered).map(({label}): Prose => [{text: label, from: [{kind: 'asked'}]}]);
  const open: Prose[] = [];
  if (standard) {
    open.push([
      {
        text: 'Ask the questions that matter here: ds-agent -p "QUESTION", or in the chat; then make the report of that session.',
      },
    ]);
  }
  open.push(...calledFor(material));
  if (trained.length === 0 && models.length === 0)
    open.push([{text: 'Train a model beside a baseline: /train TARGET.'}]);
  const items = [...open, ...offered];
  return [{type: 'list', items}];
}

/** Steps that follow from what was found. */
function calledFor({datasets, results, trained, models}: Material): Prose[] {
  const steps: Prose[] = [];
  for (const {dataset, quality} of datasets) {
    const doubtful = quality ? doubtfulColumns(quality) : [];
    if (!quality || doubtful.length === 0) continue;
    const more = doubtful.length > mostNamed ? ' and others' : '';
    const text = `Decide what to do with the doubtful values of ${dataset.name} (${doubtful.slice(0, mostNamed).join(', ')}${more}): /clean shows what each step would change.`;
    steps.push(step(text, quality));
  }
  const last = trained.at(-1);
  const model = last && /^Kept as model (\S+?)[.,]/m.exec(last.summary)?.[1];
  if (last && /^No candidate was better|don't rely on it/m.test(last.summary))
    steps.push(
      step(
        'Look for columns that say more of the target before a model is used: this one is no better than the baseline.',
        last,
      ),
    );
  else if (last && model !== undefined)
    steps.push(
      step(
        `Try ${model} on rows of a later time before it decides anything: ds-agent models evaluate ${model} --data FILE.`,
        last,
      ),
    );
  else if (models[0] !== undefined)
    steps.push([
      {
        text: `Try ${models[0].id} on rows of a later time before it decides anything: ds-agent models evaluate ${models[0].id} --data FILE.`,
        from: [{kind: 'model', id: models[0].id}],
      },
    ]);
  const resultOf = (tool: string) => results.findLast(({result}) => result.receipt.tool === tool)?.result;
  const forecast = resultOf('forecast');
  if (forecast)
    steps.push(step('Keep the forecast, compare it with the values that come, and make it anew with them.', forecast));
  const related = resultOf('regress') ?? resultOf('correlate');
  if (related)
    steps.push(
      step(
        'Before acting on what goes together, test it: change one thing for a part of the cases, and compare the groups.',
        related,
      ),
    );
  return steps;
}

function step(text: string, {receipt}: Result): Prose {
  return [{text, from: [{kind: 'result', id: receipt.id}]}];
}

/** Columns with missing values or outliers, the largest shares first, each once. */
function doubtfulColumns({summary}: Result): string[] {
  const found = [...summary.matchAll(/^- (?:missing|outliers): (.+): ([\d,]+) \(/gm)];
  const bySize = found.sort((a, b) => countOf(b[2]) - countOf(a[2]));
  return [...new Set(bySize.map(([, column = '']) => column))];
}

const countOf = (text = '') => Number(text.replaceAll(',', ''));
