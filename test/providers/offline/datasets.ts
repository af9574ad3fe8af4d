// Three quite different tables, made from seeded numbers: sales with dates and gaps, passengers, daily weather.

import type {Row, TableSpec} from './laboratory.ts';

/** A small seeded generator (mulberry32); the same seed gives the same rows. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const day = (from: string, offset: number) =>
  new Date(Date.parse(from) + offset * 86_400_000).toISOString().slice(0, 10);
const cents = (value: number) => Math.round(value * 100) / 100;

function orders(): TableSpec {
  const random = seeded(11);
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T;
  const products = [
    ['Desk', 'Furniture', 240],
    ['Chair', 'Furniture', 95],
    ['Lamp', 'Lighting', 38],
    ['Bulb', 'Lighting', 4],
    ['Monitor', 'Electronics', 310],
    ['Keyboard', 'Electronics', 55],
  ] as const;
  const rows: Row[] = Array.from({length: 400}, (_, at) => {
    const [product, category, base] = pick([...products]);
    const quantity = 1 + Math.floor(random() * 9);
    const price = cents(base * (0.8 + random() * 0.4));
    return {
      order_id: at + 1,
      order_date: day('2020-01-01', Math.floor(random() * 1_095)),
      region: random() < 0.03 ? null : pick(['North', 'South', 'East', 'West']),
      city: pick(['Berlin', 'New York', 'Paris', 'Oslo', 'Rome']),
      customer: `C${String(1 + Math.floor(random() * 60)).padStart(3, '0')}`,
      product,
      category,
      quantity,
      unit_price: price,
      revenue: random() < 0.02 ? null : cents(price * quantity),
      discount: random() < 0.2 ? null : Math.round(random() * 30) / 100,
      returned: random() < 0.12,
    };
  });
  return {
    name: 'orders',
    types: {
      order_id: 'INTEGER',
      order_date: 'DATE',
      region: 'VARCHAR',
      city: 'VARCHAR',
      customer: 'VARCHAR',
      product: 'VARCHAR',
      category: 'VARCHAR',
      quantity: 'INTEGER',
      unit_price: 'DOUBLE',
      revenue: 'DOUBLE',
      discount: 'DOUBLE',
      returned: 'BOOLEAN',
    },
    rows,
  };
}

function passengers(): TableSpec {
  const random = seeded(23);
  const rows: Row[] = Array.from({length: 300}, (_, at) => {
    const pclass = random() < 0.25 ? 1 : random() < 0.35 ? 2 : 3;
    const female = random() < 0.37;
    const survived = random() < (female ? 0.72 : 0.2) ? 1 : 0;
    return {
      PassengerId: at + 1,
      Survived: survived,
      Pclass: pclass,
      Name: `Passenger ${at + 1}, ${female ? 'Mrs' : 'Mr'} ${['Smith', 'Brown', 'Berg', 'Rossi'][at % 4]}`,
      Sex: female ? 'female' : 'male',
      Age: random() < 0.2 ? null : Math.floor(1 + random() * 70),
      SibSp: Math.floor(random() * random() * 5),
      Fare: cents((4 - pclass) ** 2 * (5 + random() * 10)),
      Cabin: random() < 0.7 ? null : `${'ABC'[at % 3]}${at % 50}`,
      Embarked: random() < 0.02 ? null : random() < 0.6 ? 'S' : random() < 0.5 ? 'C' : 'Q',
    };
  });
  return {
    name: 'titanic',
    types: {
      PassengerId: 'BIGINT',
      Survived: 'BIGINT',
      Pclass: 'BIGINT',
      Name: 'VARCHAR',
      Sex: 'VARCHAR',
      Age: 'DOUBLE',
      SibSp: 'BIGINT',
      Fare: 'DOUBLE',
      Cabin: 'VARCHAR',
      Embarked: 'VARCHAR',
    },
    rows,
  };
}

function weather(): TableSpec {
  const random = seeded(37);
  const rows: Row[] = [];
  for (const station of ['Airport', 'Harbour']) {
    for (let at = 0; at < 730; at++) {
      const season = Math.sin((2 * Math.PI * (at - 100)) / 365);
      const high = Math.round((12 + 11 * season + 6 * random() + (station === 'Harbour' ? 1 : 0)) * 10) / 10;
      rows.push({
        date: day('2021-01-01', at),
        station,
        'max temp': high,
        'min temp': Math.round((high - 4 - 5 * random()) * 10) / 10,
        precipitation_mm: random() < 0.55 ? 0 : random() < 0.04 ? null : Math.round(random() * 250) / 10,
        windSpeed: Math.round(random() * 400) / 10,
        conditions: ['sunny', 'cloudy', 'rain', 'snow'][Math.floor(random() * 4)] ?? 'sunny',
        year: at < 365 ? 2021 : 2022,
      });
    }
  }
  return {
    name: 'weather',
    types: {
      date: 'DATE',
      station: 'VARCHAR',
      'max temp': 'DOUBLE',
      'min temp': 'DOUBLE',
      precipitation_mm: 'DOUBLE',
      windSpeed: 'DOUBLE',
      conditions: 'VARCHAR',
      year: 'INTEGER',
    },
    rows,
  };
}

export const tables = {orders: orders(), titanic: passengers(), weather: weather()};
export const allTables = [tables.orders, tables.titanic, tables.weather];
