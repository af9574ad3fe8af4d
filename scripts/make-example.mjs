// Writes examples/bike_rentals.csv: invented rentals of an invented shop chain, the same bytes on every run.
// Uses only exactly rounded arithmetic (no sin, exp, log), so that no platform and no Node version changes a digit.
// usage: node scripts/make-example.mjs [target file]

import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const rowCount = 4000;
const target = process.argv[2] ?? fileURLToPath(new URL('../examples/bike_rentals.csv', import.meta.url));

let state = 20240229;

/** Mulberry32 (Tommy Ettinger, public domain): uniform on [0, 1) from 32 bits. */
function uniform() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

/** Nearly standard normal: the sum of twelve uniforms less six. */
function normal() {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += uniform();
  return sum;
}

function pick(weights) {
  let rest = uniform() * Object.values(weights).reduce((a, b) => a + b, 0);
  for (const [name, weight] of Object.entries(weights)) {
    rest -= weight;
    if (rest < 0) return name;
  }
  return Object.keys(weights)[0];
}

const regions = {
  North: {share: 18, price: 5.4, warmth: -2.5},
  South: {share: 24, price: 6.9, warmth: 3},
  East: {share: 15, price: 4.8, warmth: -0.5},
  West: {share: 21, price: 6.1, warmth: 0.5},
  Coast: {share: 22, price: 7.8, warmth: 1.5},
};
const bikes = {
  city: {share: 46, factor: 1},
  'e-bike': {share: 27, factor: 1.75},
  mountain: {share: 17, factor: 1.3},
  cargo: {share: 10, factor: 1.9},
};
const monthTemperature = [2, 3, 7, 11, 16, 20, 23, 22, 18, 12, 7, 3];
const monthDemand = [3, 3, 5, 8, 11, 13, 15, 15, 11, 8, 5, 3];
const firstDay = Date.UTC(2023, 0, 1);
const dayCount = 730;

const round = (value, decimals) => {
  const scale = 10 ** decimals;
  return (Math.round(value * scale) / scale).toFixed(decimals);
};
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const shares = table => Object.fromEntries(Object.entries(table).map(([name, {share}]) => [name, share]));

/** Days drawn by season, weekend and two years of growth, in order. */
function drawDays() {
  const weights = Array.from({length: dayCount}, (_, day) => {
    const date = new Date(firstDay + day * 86400000);
    const weekend = date.getUTCDay() % 6 === 0 ? 1.5 : 1;
    return monthDemand[date.getUTCMonth()] * weekend * (1 + (0.35 * day) / dayCount);
  });
  const total = weights.reduce((a, b) => a + b, 0);
  const days = [];
  for (let i = 0; i < rowCount; i++) {
    let rest = uniform() * total;
    let day = 0;
    while (day < dayCount - 1 && rest >= weights[day]) rest -= weights[day++];
    days.push(day);
  }
  return days.sort((a, b) => a - b);
}

function drawWeather(temperature) {
  if (temperature < 1 && uniform() < 0.35) return 'snow';
  return pick({sunny: 20 + clamp(temperature, 0, 30), cloudy: 30, rain: 18});
}

function makeRow(day, index) {
  const date = new Date(firstDay + day * 86400000);
  const month = date.getUTCMonth();
  const regionName = pick(shares(regions));
  const region = regions[regionName];
  const bikeType = pick(shares(bikes));
  const channel = pick({app: 44 + (18 * day) / dayCount, web: 31, 'walk-in': 25 - (10 * day) / dayCount});
  const temperature = monthTemperature[month] + region.warmth + normal() * 3.4;
  const weather = drawWeather(temperature);
  const age = clamp(Math.round(37 + normal() * 13), 16, 84);
  const member = uniform() < (channel === 'app' ? 0.48 : 0.2);
  const quantity = 1 + Math.floor(uniform() * uniform() * 4.2);
  const bad = weather === 'rain' || weather === 'snow';
  let hours = clamp(1 + uniform() * 3.5 + clamp(temperature, 0, 30) * 0.07 - (bad ? 0.9 : 0) + normal() * 0.7, 0.5, 14);
  if (uniform() < 0.006) hours = 24 + Math.floor(uniform() * 5) * 12;
  const season = 1 + 0.012 * (monthDemand[month] - 8);
  let price = region.price * bikes[bikeType].factor * season * (1 + normal() * 0.06) * (1 + (0.06 * day) / dayCount);
  if (uniform() < 0.0015) price *= 8;
  const speed = {city: 8.5, 'e-bike': 12.5, mountain: 9.5, cargo: 6.5}[bikeType];
  const distance = clamp(Math.min(hours, 9) * (speed + normal() * 1.6) * 0.7, 0.3, 140);
  const revenue = price * quantity * hours * (member ? 0.9 : 1);
  const rating = clamp(Math.round(4.25 - (bad ? 0.75 : 0) - (price > 12 ? 0.3 : 0) + normal() * 0.75), 1, 5);
  const rebooked =
    uniform() < clamp(0.12 + (member ? 0.25 : 0) + (rating - 3) * 0.12 + (channel === 'app' ? 0.06 : 0), 0.02, 0.95);

  const noSensor = uniform() < 0.045;
  const noAge = uniform() < (channel === 'walk-in' ? 0.38 : 0.06);
  const noRating = uniform() < 0.22;
  const noDistance = uniform() < 0.03;
  return [
    `R${(100001 + index).toString()}`,
    date.toISOString().slice(0, 10),
    regionName,
    bikeType,
    channel,
    weather,
    noSensor ? '' : round(temperature, 1),
    noAge ? '' : age,
    member,
    quantity,
    round(hours, 1),
    noDistance ? '' : round(distance, 1),
    round(price, 2),
    round(revenue, 2),
    noRating ? '' : rating,
    rebooked,
  ].join(',');
}

const header =
  'rental_id,date,region,bike_type,channel,weather,temperature_c,customer_age,member,quantity,hours,distance_km,price,revenue,rating,rebooked';
const lines = [header, ...drawDays().map(makeRow)];
writeFileSync(target, `${lines.join('\n')}\n`);
