// Which terms set groups of texts apart: TF-IDF of every text, averaged over its group.

import {quoteName} from '../../engine/sql-text.ts';
import {fromSql, type Reader} from '../column-values.ts';
import {type TextSource, termLists} from './tokens.ts';

/** `score` is the mean TF-IDF over the texts of the group, `others` over all other texts. */
export type GroupTerm = {group: string; texts: number; term: string; score: number; others: number};

/**
 * The `top` terms of each group by score less others. TF-IDF as scikit-learn's TfidfVectorizer: count of the term in the text times
 * ln((1 + texts) / (1 + texts with the term)) + 1, each text scaled to length 1. Texts without a group are left out.
 */
export async function groupTerms(reader: Reader, source: TextSource, group: string, top: number): Promise<GroupTerm[]> {
  const docs = termLists(source, 1, `row_number() OVER () AS id, ${quoteName(group)}::VARCHAR AS g, `);
  const statement = `WITH docs AS MATERIALIZED (SELECT * FROM (${docs}) WHERE g IS NOT NULL),
sizes AS (SELECT g, count(*) AS texts FROM docs GROUP BY g),
counts AS MATERIALIZED (SELECT id, g, t, count(*) AS n FROM (SELECT id, g, unnest(w) AS t FROM docs) GROUP BY id, g, t),
rarity AS (SELECT t, ln((1 + (SELECT count(*) FROM docs)) / (1 + count(*))) + 1 AS idf FROM counts GROUP BY t),
weights AS MATERIALIZED (SELECT id, g, t, n * idf AS x FROM counts JOIN rarity USING (t)),
norms AS (SELECT id, sqrt(sum(x * x)) AS norm FROM weights GROUP BY id),
sums AS (SELECT g, t, sum(x / norm) AS s FROM weights JOIN norms USING (id) GROUP BY g, t),
totals AS (SELECT t, sum(s) AS whole FROM sums GROUP BY t),
scores AS (SELECT g, texts, t, s / texts AS score,
  coalesce((whole - s) / nullif((SELECT count(*) FROM docs) - texts, 0), 0) AS others
  FROM sums JOIN totals USING (t) JOIN sizes USING (g))
SELECT g, texts, t, score, others FROM scores
QUALIFY row_number() OVER (PARTITION BY g ORDER BY score - others DESC, t) <= ${top} ORDER BY g, score - others DESC, t`;
  return (await reader.rows(statement)).map(([g, texts, term, score, others]) => ({
    group: String(g),
    texts: Number(texts),
    term: String(term),
    score: Number(score),
    others: Number(others),
  }));
}

/** How many different groups there are. */
export async function countGroups(reader: Reader, {selection}: TextSource, group: string): Promise<number> {
  const [[count] = []] = await reader.rows(`SELECT count(DISTINCT ${quoteName(group)}::VARCHAR) ${fromSql(selection)}`);
  return Number(count);
}
