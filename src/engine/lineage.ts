// Traces what each column of a result is made of, from the engine's own parse tree, so that values can be kept at home.

import type {Exposure} from '../core/privacy.ts';
import {isRecord} from '../core/unknown.ts';
import {aggregateKind, isNode, type Node, nodesOf, textOf} from './parse-tree.ts';

/** What a name stands for while the tree is walked; `name` is in lower case. */
export type Field = {name: string; kind: Exposure['kind']; from: ReadonlySet<string>};

/** Something in FROM. `raw`: a row of it is a row of data, not a group of them. */
export type Relation = {alias: string; fields: readonly Field[]; raw: boolean};

export type Schema = {
  /** The columns of a dataset in their order, as written; undefined when there is no such dataset. */
  columnsOf(dataset: string): readonly string[] | undefined;
  /** Names of all aggregate functions, in lower case. */
  aggregates: ReadonlySet<string>;
};

/** A construct that is not followed; the caller then takes every column for made of everything. */
export class Untraceable extends Error {}

type Scope = {ctes: ReadonlyMap<string, Relation>; relations: readonly Relation[]; outer: Scope | null};
type Part = {kind: Exposure['kind']; from: ReadonlySet<string>};

const nothing: Part = {kind: 'name', from: new Set()};
const ranks = ['name', 'count', 'statistic', 'group', 'value'] as const;

/** Called for each SELECT that groups rows of data, to add a condition to it. */
export type OnGrouping = (select: Node, aggregates: readonly Node[]) => void;

/**
 * The result of a query node. Conditions, orders and join keys are not followed: they choose rows and show no value.
 * @throws Untraceable
 */
export class Tracer {
  readonly #schema: Schema;
  readonly #onGrouping: OnGrouping;

  constructor(schema: Schema, onGrouping: OnGrouping = () => {}) {
    this.#schema = schema;
    this.#onGrouping = onGrouping;
  }

  query(node: unknown, outer: Scope | null = null): Omit<Relation, 'alias'> {
    if (!isNode(node)) throw new Untraceable();
    const ctes = new Map(outer?.ctes);
    for (const entry of nodesOf(isNode(node.cte_map) ? node.cte_map.map : [])) {
      const name = textOf(entry.key).toLowerCase();
      const value = isNode(entry.value) ? entry.value : {};
      const inner = this.query(isNode(value.query) ? value.query.node : null, {ctes, relations: [], outer});
      ctes.set(name, {alias: name, ...inner, fields: renamed(inner.fields, value.aliases)});
    }
    if (node.type === 'SET_OPERATION_NODE') return this.#union(node, {ctes, relations: [], outer});
    if (node.type !== 'SELECT_NODE') throw new Untraceable();
    return this.#select(node, {ctes, relations: [], outer});
  }

  #union(node: Node, scope: Scope): Omit<Relation, 'alias'> {
    if (node.setop_type === 'UNION_BY_NAME') throw new Untraceable();
    const left = this.query(node.left, scope);
    const right = this.query(node.right, scope);
    if (left.fields.length !== right.fields.length) throw new Untraceable();
    const fields = left.fields.map((field, index) => ({...field, ...merge([field, right.fields[index] ?? nothing])}));
    return {fields, raw: left.raw || right.raw};
  }

  #select(node: Node, outside: Scope): Omit<Relation, 'alias'> {
    const relations = this.#from(node.from_table, outside);
    const scope = {...outside, relations};
    const items = nodesOf(node.select_list);
    const calls = [...items, node.having, node.qualify].flatMap(item => this.#aggregatesIn(item));
    const grouped =
      calls.length > 0 || nodesOf(node.group_expressions).length > 0 || node.aggregate_handling === 'FORCE_AGGREGATES';
    const raw = relations.some(relation => relation.raw);
    if (grouped && raw) this.#onGrouping(node, calls);
    const fields: Field[] = [];
    for (const item of items) {
      if (item.class === 'STAR') {
        if (grouped) throw new Untraceable();
        fields.push(...this.#star(item, scope));
        continue;
      }
      const withAliases = {...scope, relations: [...relations, {alias: '', fields: [...fields], raw: false}]};
      const part = this.#expression(item, withAliases);
      const kind = grouped && part.kind === 'value' && !this.#repeatsRows(item) ? 'group' : part.kind;
      fields.push({name: outputName(item), from: part.from, kind});
    }
    return {fields, raw: raw && !grouped};
  }

  #from(table: unknown, scope: Scope): Relation[] {
    if (!isNode(table) || table.type === 'EMPTY') return [];
    const alias = textOf(table.alias).toLowerCase();
    switch (table.type) {
      case 'BASE_TABLE': {
        const name = textOf(table.table_name);
        const cte = scope.ctes.get(name.toLowerCase());
        const found = cte ?? this.#dataset(name);
        return [{...found, alias: alias || name.toLowerCase(), fields: renamed(found.fields, table.column_name_alias)}];
      }
      case 'SUBQUERY': {
        const inner = this.query(isNode(table.subquery) ? table.subquery.node : null, scope);
        return [{alias, raw: inner.raw, fields: renamed(inner.fields, table.column_name_alias)}];
      }
      case 'JOIN': {
        const left = this.#from(table.left, scope);
        return [...left, ...this.#from(table.right, {...scope, relations: left, outer: scope})];
      }
      case 'EXPRESSION_LIST': {
        const rows = Array.isArray(table.values) ? table.values.map(nodesOf) : [];
        const parts = rows[0]?.map((_, i) => merge(rows.map(row => this.#expression(row[i], scope)))) ?? [];
        const fields = parts.map((part, i): Field => ({name: `col${i}`, ...part}));
        return [
          {alias, raw: fields.some(each => each.kind === 'value'), fields: renamed(fields, table.column_name_alias)},
        ];
      }
      default:
        throw new Untraceable();
    }
  }

  #dataset(name: string): Relation {
    const columns = this.#schema.columnsOf(name.toLowerCase());
    if (!columns) throw new Untraceable();
    const dataset = name.toLowerCase();
    const fieldOf = (column: string): Field => ({
      name: column.toLowerCase(),
      kind: 'value',
      from: new Set([`${dataset}.${column}`]),
    });
    return {alias: dataset, raw: true, fields: columns.map(fieldOf)};
  }

  #star(star: Node, scope: Scope): Field[] {
    if (star.columns === true || isNode(star.expr)) throw new Untraceable();
    const wanted = textOf(star.relation_name).toLowerCase();
    const chosen = scope.relations.filter(relation => wanted === '' || relation.alias === wanted);
    const excluded = [star.exclude_list, star.qualified_exclude_list].flatMap(list =>
      Array.isArray(list) ? list : [],
    );
    const left = new Set(excluded.map(each => (isNode(each) ? textOf(each.column) : textOf(each)).toLowerCase()));
    const renames = new Map(
      nodesOf(star.rename_list).map(({key, value}) => [
        (isNode(key) ? textOf(key.column) : textOf(key)).toLowerCase(),
        textOf(value).toLowerCase(),
      ]),
    );
    const replaced = new Map(
      nodesOf(star.replace_list).map(({key, value}) => [textOf(key).toLowerCase(), this.#expression(value, scope)]),
    );
    return chosen
      .flatMap(relation => relation.fields)
      .filter(field => !left.has(field.name))
      .map(field => ({...field, ...(replaced.get(field.name) ?? {}), name: renames.get(field.name) ?? field.name}));
  }

  /** What a value is made of; everything it mentions, but for what an aggregate makes of it. */
  #expression(node: unknown, scope: Scope): Part {
    if (Array.isArray(node)) return merge(node.map(each => this.#expression(each, scope)));
    if (!isNode(node)) return nothing;
    switch (node.class) {
      case 'COLUMN_REF':
        return this.#column(node, scope);
      case 'CONSTANT':
        return nothing;
      case 'SUBQUERY': {
        const inner = this.query(isNode(node.subquery) ? node.subquery.node : null, scope);
        const made = merge(inner.fields);
        const kind = inner.raw ? 'value' : made.kind;
        return merge([{kind, from: made.from}, this.#expression(node.child, scope)]);
      }
      case 'LAMBDA': {
        const names = nodesOf([node.lhs]).flatMap(lambdaNames);
        const fields = names.map((name): Field => ({name, ...nothing}));
        return this.#expression(node.expr, {
          ...scope,
          relations: [{alias: '', fields, raw: false}, ...scope.relations],
        });
      }
      case 'STAR':
        throw new Untraceable();
      default:
        return this.#call(node, scope);
    }
  }

  #call(node: Node, scope: Scope): Part {
    const name = textOf(node.function_name).toLowerCase();
    if (node.type === 'OPERATOR_IS_NULL' || node.type === 'OPERATOR_IS_NOT_NULL') {
      const {kind} = this.#expression(node.children, scope);
      return {kind, from: new Set()};
    }
    const parts = Object.entries(node)
      .filter(([key, value]) => key !== 'filter' && (Array.isArray(value) || isRecord(value)))
      .map(([, value]) => this.#expression(wrapped(value), scope));
    const made = merge(parts);
    const windowed = node.class === 'WINDOW';
    if (!this.#schema.aggregates.has(name)) return windowed ? {...made, kind: worse(made.kind, 'statistic')} : made;
    const kind = aggregateKind(name);
    const from = kind === 'count' ? nothing.from : made.from;
    // Over a window each row keeps its own result, and rows may stand in a frame of one.
    return {kind: windowed ? worse(kind, made.kind) : kind, from};
  }

  #column(node: Node, scope: Scope): Part {
    const names = (Array.isArray(node.column_names) ? node.column_names : []).map(each => textOf(each).toLowerCase());
    for (let level: Scope | null = scope; level; level = level.outer) {
      const [head = '', ...rest] = names;
      const owner = level.relations.filter(relation => relation.alias === head);
      const owned = owner.flatMap(({fields}) => fields.filter(field => field.name === rest[0]));
      if (owned.length > 0) return merge(owned);
      const found = level.relations.flatMap(relation => {
        const fields = relation.fields.filter(field => names.includes(field.name));
        // A name of a relation alone is its whole row.
        return fields.length === 0 && names.length === 1 && relation.alias === names[0] ? relation.fields : fields;
      });
      if (found.length > 0) return merge(found);
    }
    throw new Untraceable();
  }

  /** Calls of aggregates that belong to this SELECT. */
  #aggregatesIn(node: unknown): Node[] {
    if (Array.isArray(node)) return node.flatMap(each => this.#aggregatesIn(each));
    if (!isRecord(node) || node.class === 'SUBQUERY') return [];
    if (node.class === 'FUNCTION' && this.#schema.aggregates.has(textOf(node.function_name).toLowerCase()))
      return [node];
    return Object.values(node).flatMap(each => this.#aggregatesIn(each));
  }

  #repeatsRows(item: unknown): boolean {
    const calls = this.#aggregatesIn(item).map(call => textOf(call.function_name).toLowerCase());
    return calls.some(name => aggregateKind(name) === 'value') || holdsSubquery(item);
  }
}

function holdsSubquery(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(holdsSubquery);
  return isRecord(node) && (node.class === 'SUBQUERY' || Object.values(node).some(holdsSubquery));
}

/** Lists such as the checks of a CASE hold plain objects around their expressions. */
function wrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wrapped);
  return isRecord(value) && value.class === undefined && value.type === undefined
    ? Object.values(value).map(wrapped)
    : value;
}

function merge(parts: readonly Part[]): Part {
  if (parts.length === 1 && parts[0]) return parts[0];
  const from = new Set<string>();
  let kind: Exposure['kind'] = 'name';
  for (const part of parts) {
    kind = worse(kind, part.kind);
    for (const each of part.from) from.add(each);
  }
  return {kind, from};
}

function worse(a: Exposure['kind'], b: Exposure['kind']): Exposure['kind'] {
  return ranks.indexOf(a) >= ranks.indexOf(b) ? a : b;
}

function renamed(fields: readonly Field[], aliases: unknown): Field[] {
  const names = Array.isArray(aliases) ? aliases.map(textOf) : [];
  return fields.map((field, index) => ({...field, name: (names[index] || field.name).toLowerCase()}));
}

function outputName(item: Node): string {
  const last = Array.isArray(item.column_names) ? textOf(item.column_names.at(-1)) : '';
  return (textOf(item.alias) || last).toLowerCase();
}

function lambdaNames(node: Node): string[] {
  if (Array.isArray(node.column_names)) return node.column_names.map(each => textOf(each).toLowerCase());
  return nodesOf(node.children).flatMap(lambdaNames);
}
