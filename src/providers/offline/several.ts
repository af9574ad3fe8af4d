// Several questions in one message: each is read by itself, a later one also as a follow-up of the one before.

import type {Intent} from './intent.ts';

const most = 4;
/** A question mark, a semicolon or a new line ends a question for certain. */
const certain = /[?;]+[\s]+(?:and |also |then )?|\s*\n\s*/i;
const likely = /,? and (?:also )?(?=(?:what|which|when|who|where)(?:'s)? )/i;

/** Null for one question. `certain` when the person's own punctuation parts them. */
export function questionsIn(text: string): {parts: string[]; certain: boolean} | null {
  // A name in quotes may hold anything.
  if (/["“`]/.test(text)) return null;
  for (const pattern of [certain, likely]) {
    const parts = text
      .split(pattern)
      .map(part => part.replace(/[\s?;.,]+$/, '').trim())
      .filter(part => part !== '');
    const areWords = parts.every(part => /\p{L}{2}/u.test(part));
    if (parts.length > 1 && parts.length <= most && areWords) return {parts, certain: pattern === certain};
  }
  return null;
}

type Answerable = Extract<Intent, {kind: 'several'}>['intents'][number];

/** All that were understood, as one; null where the message is better read as a whole; else what was not understood. */
export function together(parts: string[], intents: Intent[], isCertain: boolean): Intent | null {
  const answerable = intents.filter(isAnswerable);
  if (answerable.length === intents.length)
    return !isCertain && answerable.every(isPlainTotal) ? null : {kind: 'several', intents: answerable};
  const failed = intents.findIndex(intent => !isAnswerable(intent));
  const intent = intents[failed];
  if (!isCertain || intent?.kind !== 'unclear') return null;
  const reason = `Of the ${parts.length} questions I do not understand “${parts[failed]}”, so I answered none: ${intent.reason}`;
  return {...intent, reason};
}

function isAnswerable(intent: Intent): intent is Answerable {
  return 'notes' in intent || intent.kind === 'tool';
}

/** "how many rows are there and what is the average price" is one line of numbers. */
const isPlainTotal = (intent: Answerable) => intent.kind === 'aggregate' && intent.keys.length === 0;
