// What became of the numbers in an answer when they were compared with what was computed.

/**
 * `numbers` were looked up; `supported` stand in a result, in the facts of a dataset or in the question; `derived` are the
 * sum, difference, ratio or change of two of those. `unsupported` are the others as they stand in the answer, each once.
 */
export type Grounding = {numbers: number; supported: number; derived: number; unsupported: string[]};

/** One line for people, or null when nothing is wrong. */
export function groundingLine({unsupported}: Grounding): string | null {
  if (unsupported.length === 0) return null;
  const verb = unsupported.length === 1 ? 'stands' : 'stand';
  return `unsupported: ${unsupported.slice(0, 12).join(', ')}${unsupported.length > 12 ? ' …' : ''} ${verb} in no result`;
}
