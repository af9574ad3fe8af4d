// Reads a folder with questions, labels, their audit and the scorer. Nothing of it is ever copied.

import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {z} from 'zod';

const questionSchema = z.object({
  id: z.int(),
  question: z.string(),
  constraints: z.string(),
  format: z.string(),
  file_name: z.string(),
  level: z.string(),
});
export type Question = z.infer<typeof questionSchema>;

const labelSchema = z.object({id: z.int(), common_answers: z.array(z.tuple([z.string(), z.string()]))});

/** What the audit says of labels that can't be held against an answer. */
const doubtfulStatuses = ['wrong', 'contradicts', 'convention'];

type Label = [name: string, value: string];
type Scorer = {
  scoreOne(labels: readonly Label[], response: string): [name: string, isRight: boolean][];
  extract(response: string): Map<string, string>;
};

/** `tableFile` is a full path. `isSound`: the audit does not call the label wrong, contradicted or ambiguous. */
export type Task = {question: Question; tableFile: string; labels: Label[]; status: string; isSound: boolean};

export type Benchmark = {directory: string; tasks: Task[]; scorer: Scorer};

export async function readBenchmark(directory: string): Promise<Benchmark> {
  const questions = (await readLines(path.join(directory, 'questions.jsonl'))).map(each => questionSchema.parse(each));
  const labels = new Map(
    (await readLines(path.join(directory, 'labels.jsonl')))
      .map(each => labelSchema.parse(each))
      .map(each => [each.id, each.common_answers]),
  );
  const statuses = auditStatuses(await readFile(path.join(directory, 'label_audit.csv'), 'utf8'));
  const tasks = questions.map(question => {
    const status = statuses.get(question.id) ?? 'ok';
    return {
      question,
      tableFile: path.resolve(directory, 'tables', question.file_name),
      labels: labels.get(question.id) ?? [],
      status,
      isSound: !doubtfulStatuses.includes(status),
    };
  });
  const scorer: Scorer = await import(pathToFileURL(path.resolve(directory, 'score.mjs')).href);
  return {directory, tasks, scorer};
}

async function readLines(file: string): Promise<unknown[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => JSON.parse(line));
}

/** Question id → status, the third column; the columns before it hold no commas. */
function auditStatuses(text: string): Map<number, string> {
  const rows = text
    .split('\n')
    .slice(1)
    .map(line => line.split(','))
    .filter(cells => cells.length > 2);
  return new Map(rows.map(([id, , status]) => [Number(id), status ?? '']));
}
