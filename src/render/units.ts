// The unit that a column's name tells, such as kg of "weight_kg" or "mean of weight_kg", and the name without it.

/** How each ending is written on an axis. Endings that are words of their own (m, s, min, bar, in) are none. */
const endings: Readonly<Record<string, string>> = {
  kg: 'kg',
  mg: 'mg',
  lbs: 'lb',
  km: 'km',
  cm: 'cm',
  mm: 'mm',
  miles: 'miles',
  m2: 'm²',
  m3: 'm³',
  sqm: 'm²',
  kmh: 'km/h',
  mph: 'mph',
  eur: 'EUR',
  usd: 'USD',
  gbp: 'GBP',
  chf: 'CHF',
  jpy: 'JPY',
  pct: '%',
  percent: '%',
  ms: 'ms',
  secs: 's',
  seconds: 's',
  minutes: 'min',
  mins: 'min',
  hrs: 'h',
  kwh: 'kWh',
  mwh: 'MWh',
  kw: 'kW',
  mw: 'MW',
  hz: 'Hz',
  khz: 'kHz',
  hpa: 'hPa',
  kpa: 'kPa',
  celsius: '°C',
  fahrenheit: '°F',
  ppm: 'ppm',
  mb: 'MB',
  gb: 'GB',
  litres: 'l',
  liters: 'l',
};

/** A number of values has not their unit, and what was transformed has another one. */
const changed =
  /^(?:count|distinct|number|n|share|rate|variance|var|log|log10|ln|sqrt|rank|z|scaled|skewness)(?:[\s_(]|$)/i;

/** Null where the name tells no unit, says it in its own words ("speed (m/s)"), or is a ratio ("eur_per_kg"). */
export function unitOfName(name: string): string | null {
  const degrees = /temp[a-z]*[\s_]([cf])$/i.exec(name)?.[1]?.toLowerCase();
  if (degrees !== undefined && !changed.test(name)) return degrees === 'c' ? '°C' : '°F';
  const ending = /[^\s_][\s_]([A-Za-z]+\d?)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (changed.test(name) || /(?:^|[\s_])per[\s_]/i.test(name)) return null;
  return Object.hasOwn(endings, ending) ? (endings[ending] ?? null) : null;
}

/** "weight [kg]" of "weight_kg": the unit once, where it is the one that the name told. */
export function nameWithUnit(name: string, unit: string): string {
  return unitOfName(name) === unit ? `${name.replace(/[\s_][^\s_]+$/, '')} [${unit}]` : `${name} [${unit}]`;
}
