// What a FROM clause joins: datasets, subqueries and names of a WITH clause, each as something that can be read by itself.

import type {Cell, Dataset} from '../../core/dataset.ts';
import {currentVersion} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {isNode, listOf, type Node, type Select, ungrouped} from './select.ts';
import {leavesOf} from './sources.ts';

/** `source` can stand after FROM. `label` is what people call it, with its alias where the same dataset stands twice. */
export type Joined = {node: Node; alias: string; label: string; source: string; columns: ReadonlySet<string>};

export class Relations {
  readonly #rows: (sql: string) => Promise<Cell[][]>;
  readonly #select: Select;
  readonly #datasets: readonly Dataset[];

  constructor(rows: (sql: string) => Promise<Cell[][]>, select: Select, datasets: readonly Dataset[]) {
    this.#rows = rows;
    this.#select = select;
    this.#datasets = datasets;
  }

  /** The relations of one SELECT in their order, without those that can't be read by themselves (table functions, LATERAL). */
  async of(select: Node): Promise<Joined[]> {
    const named = namesOf(select, this.#select.select);
    const leaves = leavesOf(select.from_table);
    const found: Joined[] = [];
    for (const node of leaves) {
      const table = typeof node.table_name === 'string' ? node.table_name : '';
      const alias = typeof node.alias === 'string' && node.alias !== '' ? node.alias : table;
      const isNamed = named.some(each => each.name === table.toLowerCase());
      const dataset = isNamed
        ? undefined
        : this.#datasets.find(each => each.name.toLowerCase() === table.toLowerCase());
      if (dataset) {
        const times = leaves.filter(each => String(each.table_name ?? '').toLowerCase() === table.toLowerCase()).length;
        const label = times > 1 && alias !== table ? alias : dataset.name;
        const columns = new Set(currentVersion(dataset).columns.map(({name}) => name.toLowerCase()));
        found.push({node, alias, label, source: quoteName(dataset.name), columns});
      } else if (isNamed || node.type === 'SUBQUERY') {
        const read = await this.#read(select, node, named);
        if (read) found.push({node, alias, label: alias || 'the subquery', ...read});
      }
    }
    return found;
  }

  async #read(select: Node, from: Node, named: readonly Named[]): Promise<Pick<Joined, 'source' | 'columns'> | null> {
    try {
      const {select_list: everything} = await this.#select.pattern('SELECT * FROM (SELECT 1)');
      const cteMap = {map: named.map(each => each.entry)};
      const change = {...ungrouped, select_list: everything, from_table: from, where_clause: null, cte_map: cteMap};
      const source = await this.#select.textOf(select, change);
      const columns = (await this.#rows(`DESCRIBE ${source}`)).map(([name]) => String(name).toLowerCase());
      return {source: `(${source})`, columns: new Set(columns)};
    } catch (error) {
      if (error instanceof ToolError) return null;
      throw error;
    }
  }
}

type Named = {name: string; entry: Node};

/** What WITH names here: in this SELECT, and in the outermost one unless it is named again. */
function namesOf(select: Node, outermost: Node): Named[] {
  const own = entriesOf(select);
  const names = new Set(own.map(({name}) => name));
  return select === outermost ? own : [...entriesOf(outermost).filter(({name}) => !names.has(name)), ...own];
}

function entriesOf({cte_map: map}: Node): Named[] {
  return listOf(isNode(map) ? map.map : []).flatMap(entry =>
    typeof entry.key === 'string' ? [{name: entry.key.toLowerCase(), entry}] : [],
  );
}
