// Which unit a column's name tells, and the name of the axis that has it.

import {expect, it} from 'vitest';
import {axisTitle} from '../../src/render/axis.ts';
import {unitOfName} from '../../src/render/units.ts';

const titleOf = (name: string) => {
  const unit = unitOfName(name);
  return axisTitle({name, kind: 'number', ...(unit !== null && {unit})});
};

it.each([
  ['weight_kg', 'weight [kg]'],
  ['mean of price_eur', 'mean of price [EUR]'],
  ['average_price_eur', 'average_price [EUR]'],
  ['growth_pct', 'growth [%]'],
  ['mean of temp_c', 'mean of temp [°C]'],
  ['floor_area_m2', 'floor_area [m²]'],
  ['Weight KG', 'Weight [kg]'],
])('%s stands on the axis as %s', (name, title) => expect(titleOf(name)).toBe(title));

it.each([
  'kg',
  '_kg',
  'speed (m/s)',
  'count of price_eur',
  'distinct of price_eur',
  'variance of weight_kg',
  'log_price_eur',
  'price_eur_per_kg',
  'delay_min',
  'sales_m',
  'price',
  'kg_constructor',
])('%s tells no unit of its values', name => expect(titleOf(name)).toBe(name));

it('a unit that was given stands behind the whole name', () =>
  expect(axisTitle({name: 'weight_kg', kind: 'number', unit: 't'})).toBe('weight_kg [t]'));
