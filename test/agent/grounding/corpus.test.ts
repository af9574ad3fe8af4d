// How often a true answer is doubted, and a false one is not, over the questions that the analyst is tried with.

import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {figuresIn} from '../../../src/agent/grounding/numbers-in-text.ts';
import {createGrounder} from '../../../src/agent/grounding/session-numbers.ts';
import type {ToolResult} from '../../../src/core/tool.ts';
import {ordersCases} from '../../providers/offline/corpus-orders.ts';
import {orderTotalsCases} from '../../providers/offline/corpus-orders-totals.ts';
import {titanicCases} from '../../providers/offline/corpus-titanic.ts';
import {weatherCases} from '../../providers/offline/corpus-weather.ts';
import {allTables} from '../../providers/offline/datasets.ts';
import {Laboratory} from '../../providers/offline/laboratory.ts';

type Answered = {question: string; text: string; results: ToolResult[]};

let laboratory: Laboratory;
const answers: Answered[] = [];

beforeAll(async () => {
  laboratory = await Laboratory.open(allTables);
  const corpora = {orders: [...ordersCases, ...orderTotalsCases], titanic: titanicCases, weather: weatherCases};
  for (const [dataset, cases] of Object.entries(corpora)) {
    for (const question of cases.flatMap(({ask}) => ask.trim().split('\n'))) {
      const {text, calls} = await laboratory.ask(question.trim(), dataset);
      answers.push({question: question.trim(), text, results: calls.map(({result}) => result)});
    }
  }
});
afterAll(() => laboratory.close());

const grounder = createGrounder();
const check = ({question, results}: Answered, text: string) =>
  grounder.ground(text, {results, questions: [question], datasets: laboratory.datasets});

/** The text with the figure changed in its leading digits by an eighth to a half, as a model that misremembers writes it. */
function mutated(text: string, figure: string, turn: number): string | null {
  const digits = /\d[\d,]*(?:\.\d+)?/.exec(figure)?.[0] ?? '';
  const value = Number(digits.replaceAll(',', ''));
  if (value < 12) return null;
  const decimals = digits.split('.')[1]?.length ?? 0;
  const wrong = (value * (1.13 + ((turn * 37) % 31) / 100)).toFixed(decimals);
  return text.replace(figure, figure.replace(digits, wrong));
}

describe('over the answers of the embedded analyst', () => {
  it('no true number is doubted', () => {
    const doubted = answers.flatMap(each => {
      const {unsupported} = check(each, each.text);
      return unsupported.map(number => `${each.question}: ${number}`);
    });
    const numbers = answers.reduce((sum, each) => sum + check(each, each.text).numbers, 0);
    expect(numbers).toBeGreaterThan(1_000);
    expect(doubted).toEqual([]);
  });

  it('most wrong numbers are found: of those with four digits or more nearly all', () => {
    const tries = {all: 0, found: 0, long: 0, foundLong: 0};
    for (const [turn, answer] of answers.entries()) {
      for (const {text: figure} of figuresIn(answer.text).slice(0, 6)) {
        const wrong = mutated(answer.text, figure, turn);
        if (wrong === null) continue;
        const isFound = check(answer, wrong).unsupported.length > 0;
        const isLong = figure.replaceAll(/\D/g, '').length >= 4;
        tries.all++;
        tries.long += Number(isLong);
        tries.found += Number(isFound);
        tries.foundLong += Number(isFound && isLong);
      }
    }
    expect(tries.all).toBeGreaterThan(500);
    expect(tries.found / tries.all).toBeGreaterThan(0.8);
    expect(tries.foundLong / tries.long).toBeGreaterThan(0.95);
  });
});
