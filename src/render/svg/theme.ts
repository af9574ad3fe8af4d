// The colours of a chart by the role of each element, for light and dark backgrounds.

export type ThemeName = 'light' | 'dark';

/**
 * Okabe and Ito's palette, told apart with every kind of colour vision, without the yellow that fades on white. Series
 * differ by marker and dash too, so colour is never needed.
 */
const lightSeries = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#8c8c8c'];
const darkSeries = ['#56b4e9', '#e69f00', '#1fbf92', '#cc79a7', '#d55e00', '#f0e442', '#ffffff', '#8c8c8c'];

export const seriesCount = lightSeries.length;

type Paint = {background: string; ink: string; muted: string; axis: string; grid: string; series: readonly string[]};

export const themes: Record<ThemeName, Paint> = {
  light: {
    background: '#ffffff',
    ink: '#1a1a1a',
    muted: '#555555',
    axis: '#767676',
    grid: '#e4e4e4',
    series: lightSeries,
  },
  dark: {background: '#16181d', ink: '#f0f0f0', muted: '#b4b4b4', axis: '#8f8f8f', grid: '#33363d', series: darkSeries},
};

/** What each class of an element looks like, as SVG attributes, which are CSS properties too. */
export function classPaint(theme: ThemeName): Record<string, Record<string, string>> {
  const {background, ink, muted, axis, grid, series} = themes[theme];
  const paint: Record<string, Record<string, string>> = {
    background: {fill: background},
    title: {fill: ink, 'font-size': '15px', 'font-weight': 'bold'},
    panel: {fill: ink, 'font-size': '12px', 'font-weight': 'bold'},
    note: {fill: muted, 'font-size': '11px'},
    name: {fill: ink, 'font-size': '11px'},
    label: {fill: muted, 'font-size': '11px'},
    small: {fill: muted, 'font-size': '9px'},
    axis: {stroke: axis, fill: 'none'},
    grid: {stroke: grid, fill: 'none'},
    guide: {stroke: muted, fill: 'none', 'stroke-dasharray': '5 4'},
    median: {stroke: background, 'stroke-width': '2', fill: 'none'},
    ink: {stroke: ink, fill: 'none'},
    empty: {fill: 'none', stroke: grid},
  };
  series.forEach((color, index) => {
    paint[`fill${index}`] = {fill: color};
    paint[`band${index}`] = {fill: color, 'fill-opacity': '0.22'};
    paint[`dot${index}`] = {fill: color, 'fill-opacity': '0.6', stroke: color, 'stroke-width': '0.75'};
    paint[`line${index}`] = {stroke: color, fill: 'none', 'stroke-width': '1.75', 'stroke-linejoin': 'round'};
  });
  return paint;
}

/** The same as a style sheet; presentation attributes give way to every one. */
export function themeRules(theme: ThemeName): string {
  const rules = Object.entries(classPaint(theme)).map(([name, paint]) => {
    const properties = Object.entries(paint).map(([key, value]) => `${key}:${value}`);
    return `.${name}{${properties.join(';')}}`;
  });
  return rules.join('');
}

/** Class of series `index`; there are more series than colours only where the markers go on. */
export function seriesClass(role: 'fill' | 'band' | 'dot' | 'line', index: number): string {
  return `${role}${index % seriesCount}`;
}

/** Gives every element with a class of ours the attributes of its role. Text from outside has no bare quotes to match. */
export function painted(svg: string, theme: ThemeName): string {
  const paint = classPaint(theme);
  return svg.replace(/ class="([a-z]+\d*)"/g, (whole, name: string) => {
    const attributes = Object.entries(paint[name] ?? {}).map(([key, value]) => ` ${key}="${value}"`);
    return whole + attributes.join('');
  });
}

type Rgb = readonly [number, number, number];
// ColorBrewer's Blues, and its blue to orange for values on both sides of zero.
const sequential: readonly Rgb[] = [
  [239, 246, 252],
  [198, 219, 239],
  [107, 174, 214],
  [33, 113, 181],
  [8, 48, 107],
];
const diverging: readonly Rgb[] = [
  [33, 102, 172],
  [146, 197, 222],
  [247, 247, 247],
  [253, 184, 99],
  [179, 88, 6],
];

/** Colour of a cell at `part` (0 to 1) of its ramp, and the colour of text that can be read on it. */
export function cellColor(part: number, ramp: 'sequential' | 'diverging'): {fill: string; text: string} {
  const stops = ramp === 'sequential' ? sequential : diverging;
  const at = Math.max(0, Math.min(1, part)) * (stops.length - 1);
  const below = stops[Math.floor(at)] ?? sequential[0];
  const above = stops[Math.ceil(at)] ?? sequential[0];
  const rgb = [0, 1, 2].map(i => Math.round((below?.[i] ?? 0) + ((above?.[i] ?? 0) - (below?.[i] ?? 0)) * (at % 1)));
  const [red = 0, green = 0, blue = 0] = rgb;
  const luminance = 0.299 * red + 0.587 * green + 0.114 * blue;
  const hex = rgb.map(each => each.toString(16).padStart(2, '0')).join('');
  return {fill: `#${hex}`, text: luminance > 140 ? '#1a1a1a' : '#ffffff'};
}
