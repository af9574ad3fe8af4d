// Scores responses with the benchmark's own scorer and says how many are right, of which questions.

import type {Benchmark, Task} from './dataset.ts';

/** `error` is why there is no response. A task with neither was not tried. */
export type Outcome = {task: Task; response?: string; error?: string};

export type Miss = {name: string; got: string | undefined; expected: string};

export type Scored = Outcome & {isRight: boolean; misses: Miss[]};

export function scoreAll(outcomes: readonly Outcome[], {scorer}: Benchmark): Scored[] {
  return outcomes.map(outcome => {
    const {task, response = ''} = outcome;
    const got = scorer.extract(response);
    const expected = new Map(task.labels);
    const misses = scorer
      .scoreOne(task.labels, response)
      .filter(([, isRight]) => !isRight)
      .map(([name]) => ({name, got: got.get(name), expected: expected.get(name) ?? ''}));
    return {...outcome, isRight: task.labels.length > 0 && misses.length === 0, misses};
  });
}

export function isTried({response, error}: Outcome): boolean {
  return response !== undefined || error !== undefined;
}

/** The figures as lines of text, then each tried question that is not right. */
export function report(scored: readonly Scored[]): string {
  const tried = scored.filter(isTried);
  const sound = tried.filter(each => each.task.isSound);
  const lines = [
    `Questions ${scored.length}, tried ${tried.length}.`,
    `Right: ${share(tried)} of those tried; ${share(scored)} of all.`,
    `Right where the audit finds no fault in the label: ${share(sound)} of those tried; ${share(scored.filter(each => each.task.isSound))} of all.`,
    '',
    'By what the audit says of the label:',
  ];
  for (const [status, group] of Map.groupBy(tried, each => each.task.status))
    lines.push(`  ${status}: ${share(group)}`);
  const wrong = tried.filter(each => !each.isRight);
  if (wrong.length > 0) lines.push('', 'Not right:');
  for (const {task, misses, error} of wrong) {
    lines.push(`  ${task.question.id} (${task.status}, ${task.question.file_name})${error ? `: ${error}` : ''}`);
    if (error === undefined) {
      for (const {name, got, expected} of misses)
        lines.push(`    ${name}: got ${got ?? 'nothing'}, expected ${expected}`);
    }
  }
  return lines.join('\n');
}

function share(scored: readonly Scored[]): string {
  const right = scored.filter(each => each.isRight).length;
  const percent = scored.length === 0 ? '–' : `${((100 * right) / scored.length).toFixed(1)} %`;
  return `${right}/${scored.length} (${percent})`;
}
