// The SQL in the code cells of a notebook, so that a test can run it without Python.

/** The calls of a cell that holds comments and calls of `con` alone, each with one literal; anything else throws. */
export function pythonCalls(source: string): {method: string; sql: string}[] {
  const calls: {method: string; sql: string}[] = [];
  let rest = source.replaceAll(/^#.*\n/gm, '');
  while (rest !== '') {
    const call = /^con\.(execute|sql)\(("""\n([^\\]*?)\n"""|("(?:[^"\\\n]|\\.)*"))\)(?:\.df\(\))?(?:\n|$)/.exec(rest);
    if (!call) throw new Error(`no statement of Python that is known here: ${rest}`);
    const [whole, method = '', , plain, escaped = '""'] = call;
    calls.push({method, sql: plain ?? JSON.parse(escaped)});
    rest = rest.slice(whole.length);
  }
  return calls;
}
