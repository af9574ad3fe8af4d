// The little XML that spreadsheets need: attributes and character references. No entities, no documents types.

const named: Record<string, string> = {lt: '<', gt: '>', amp: '&', quot: '"', apos: "'"};

export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name) return named[String(name).toLowerCase()] ?? whole;
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}

export function escapeXml(text: string): string {
  return text.replace(
    /[<>&"]/g,
    mark => `&${mark === '<' ? 'lt' : mark === '>' ? 'gt' : mark === '&' ? 'amp' : 'quot'};`,
  );
}

/** The value of an attribute in a start tag. */
export function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return found ? unescapeXml(found[1] ?? found[2] ?? '') : null;
}

/** The start tags of all elements called `name`, whatever their prefix. */
export function elements(text: string, name: string): string[] {
  return text.match(new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>`, 'g')) ?? [];
}

/**
 * Matches whole elements called `name` (that hold none of their own kind): group 1 is what stands in the start tag, group
 * 2 the content, undefined for `<name/>`. Each `<` is looked at once, so that hostile text can't make it slow.
 */
export function wholeElement(name: string): RegExp {
  const start = `<(?:\\w+:)?${name}`;
  const inside = `[^<]*(?:<(?!(?:\\w+:)?${name}[\\s/>])[^<]*)*?`;
  return new RegExp(`${start}(\\s[^<>]*?)?(?:/>|>(${inside})</(?:\\w+:)?${name}>)`, 'g');
}
