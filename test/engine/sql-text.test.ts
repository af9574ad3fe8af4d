import {describe, expect, it} from 'vitest';
import {quoteName, quotePath, quoteText, statementBody} from '../../src/engine/sql-text.ts';

describe('quoting', () => {
  it('doubles the quotes inside', () => {
    expect(quoteName('a"b')).toBe('"a""b"');
    expect(quoteText("it's")).toBe("'it''s'");
  });

  it('a path stands for itself only', () => {
    expect(quotePath('/a[12]*?.csv')).toBe("'/a[[]12][*][?].csv'");
  });
});

describe('statementBody', () => {
  it.each([
    ['SELECT 1', 'SELECT 1'],
    ['SELECT 1;', 'SELECT 1'],
    ['SELECT 1; -- done', 'SELECT 1'],
    ['SELECT 1 -- done', 'SELECT 1 '],
    ["SELECT ';' AS a", "SELECT ';' AS a"],
    ['SELECT ";" FROM t', 'SELECT ";" FROM t'],
    ['SELECT $$;$$ ;', 'SELECT $$;$$ '],
    ['SELECT /* ; */ 1', 'SELECT /* ; */ 1'],
    ['SELECT 1 -- ;\n, 2', 'SELECT 1 -- ;\n, 2'],
  ])('%j → %j', (sql, body) => {
    expect(statementBody(sql)).toBe(body);
  });
});
