// Figures as a reader wants them: four digits say all that a report can mean; every other one stands in the result itself.

const figure = /(?<![\p{L}\p{N}_.,/:-])-?(\d[\d,]*)\.(\d+)(e[-+]?\d+)?(?![\p{L}\p{N}_]|[.:/-]\d)/gu;
const digits = 4;

/** Numbers with more than four significant digits lose decimals, never digits before the point; names and dates stay. */
export function shortFigures(text: string): string {
  return text.replaceAll(figure, (whole: string, before: string, after: string, power = '') => {
    const significant = `${before.replaceAll(',', '')}${after}`.replace(/^0+/, '').length;
    if (significant <= digits) return whole;
    const value = Number(whole.slice(0, whole.length - power.length).replaceAll(',', ''));
    const decimals =
      before === '0' ? after.length - significant + digits : Math.max(0, digits - before.replaceAll(',', '').length);
    const rounded = value.toLocaleString('en-US', {minimumFractionDigits: 0, maximumFractionDigits: decimals});
    return `${rounded}${power}`;
  });
}
