// When a model hears of the tools that explore: only with data they can work on.

import {currentVersion} from '../../core/dataset.ts';
import type {Catalog} from '../catalog.ts';

/** True with a dataset of at least two number columns. */
export async function isWorthComparing(catalog: Catalog): Promise<boolean> {
  const datasets = await catalog.datasets();
  return datasets.some(each => currentVersion(each).columns.filter(({kind}) => kind === 'number').length >= 2);
}
