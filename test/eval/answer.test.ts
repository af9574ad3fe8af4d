// Taking answers out of results and writing them in the questions' form.

import {describe, expect, it} from 'vitest';
import {answerText, formatAnswers} from '../../eval/dabench/answer.ts';
import {parsePlan} from '../../eval/dabench/plan.ts';
import {roundHalfEven} from '../../eval/dabench/rounding.ts';
import type {Cell, Table} from '../../src/core/dataset.ts';

function table(names: string[], ...rows: Cell[][]): Table {
  return {columns: names.map(name => ({name, type: 'DOUBLE', kind: 'number'})), rows, totalRows: rows.length};
}

describe('rounding', () => {
  // numpy.round(value, digits) of numpy 2.
  it.each([
    [0.5, 0, 0],
    [1.5, 0, 2],
    [2.5, 0, 2],
    [-0.5, 0, 0],
    [-1.5, 0, -2],
    [0.125, 2, 0.12],
    [0.375, 2, 0.38],
    [2.675, 2, 2.68],
    [1.005, 2, 1],
    [-2.5, 0, -2],
    [22756785531.294, 2, 22756785531.29],
    [1e300, 2, 1e300],
    [Number.NaN, 2, Number.NaN],
    [Number.POSITIVE_INFINITY, 2, Number.POSITIVE_INFINITY],
  ])('%d at %d decimals is %d', (value, digits, expected) => {
    expect(roundHalfEven(value, digits)).toBe(expected);
  });
});

describe('answers', () => {
  const groups = table(['sex', 'class', 'mean'], ['f', 1, 2.125], ['m', 1, 3.5], ['m', 2, null]);

  it('a cell is found by row number or by the values of other columns, and rounded', () => {
    expect(answerText({column: 'mean', digits: 2}, [groups])).toBe('2.12');
    expect(answerText({column: 'mean', row: {sex: 'm', class: 1}, digits: 2}, [groups])).toBe('3.50');
    expect(answerText({column: 'sex', row: 2}, [groups])).toBe('m');
  });

  it('a missing value is nan, with or without decimals', () => {
    expect(answerText({column: 'mean', row: 2, digits: 2}, [groups])).toBe('nan');
    expect(answerText({column: 'mean', row: 2}, [groups])).toBe('nan');
    expect(answerText({column: 'x', digits: 2}, [table(['x'], [Number.NaN])])).toBe('nan');
  });

  it('integers beyond 2^53 and decimals that came as text are numbers too', () => {
    expect(answerText({column: 'n', digits: 0}, [table(['n'], [2n ** 60n])])).toBe('1152921504606846976');
    expect(answerText({column: 'n', digits: 2}, [table(['n'], ['12.345678901234567890'])])).toBe('12.35');
  });

  it('lists, dicts and several values in one answer', () => {
    expect(answerText({list: 'sex'}, [groups])).toBe('f, m, m');
    expect(answerText({list: 'mean', digits: 1, open: '[', close: ']'}, [table(['mean'])])).toBe('[]');
    expect(answerText({key: 'sex', value: 'class'}, [table(['sex', 'class'], ['f', 1], ['m', 2])])).toBe(
      "{'f': 1, 'm': 2}",
    );
    expect(answerText({key: 'k', value: 'v', digits: 2}, [table(['k', 'v'], ['a', 5.9], ['b', 2])])).toBe(
      "{'a': 5.9, 'b': 2.0}",
    );
    expect(answerText({parts: [{column: 'class'}, {column: 'mean', digits: 2}]}, [groups])).toBe('1, 2.12');
  });

  it('a choice says the first text whose conditions all hold', () => {
    const kind = parsePlan(
      JSON.stringify({
        calls: [{tool: 'correlate', args: {}}],
        answers: {
          kind: {
            choose: [
              {when: [{column: 'p', atLeast: 0.05}], say: 'none'},
              {when: [{column: 'r', absolute: true, atLeast: 0.5}], say: 'linear'},
              {when: [], say: 'nonlinear'},
            ],
          },
        },
      }),
    );
    const say = (r: number, p: number) => formatAnswers(kind, [table(['r', 'p'], [r, p])]);
    expect(say(0.9, 0.05)).toBe('@kind[none]');
    expect(say(-0.5, 0.049)).toBe('@kind[linear]');
    expect(say(0.49, 0.001)).toBe('@kind[nonlinear]');
  });

  it('a choice over a missing number holds for no comparison', () => {
    const answer = {
      choose: [
        {when: [{column: 'p', below: 0.05}], say: 'yes'},
        {when: [], say: 'no'},
      ],
    };
    expect(answerText(answer, [table(['p'], [null])])).toBe('no');
  });

  it('what a result does not have is an error that names it', () => {
    expect(() => answerText({column: 'median'}, [groups])).toThrow(
      'no column median in a result with sex, class, mean',
    );
    expect(() => answerText({column: 'mean', row: 3}, [groups])).toThrow('row 3 of a result of 3 rows');
    expect(() => answerText({column: 'mean', row: {sex: 'x'}}, [groups])).toThrow('no row has {"sex":"x"}');
    expect(() => answerText({column: 'mean', call: 1}, [groups])).toThrow('call 1 gave no table');
  });
});
