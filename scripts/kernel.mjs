// Makes src/models/kernel/wasm-text.ts from wasm/kernel.ts, after a change of it. With --print it only
// prints it, for the test that compares the two.

import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import asc from 'assemblyscript/asc';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The text of the TypeScript file that holds the program. */
async function compileKernel() {
  const directory = await mkdtemp(path.join(tmpdir(), 'kernel-'));
  try {
    const out = path.join(directory, 'kernel.wasm');
    const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];
    const {error, stderr} = await asc.main([path.join(root, 'wasm/kernel.ts'), '--outFile', out, ...options]);
    if (error) throw new Error(`${error.message}\n${stderr}`);
    const text = (await readFile(out)).toString('base64');
    const lines = text.match(/.{1,110}/g).map(line => `  '${line}',`);
    return `// WebAssembly made from wasm/kernel.ts by scripts/kernel.mjs, as base64.\n\nexport const kernelText = [\n${lines.join('\n')}\n].join('');\n`;
  } finally {
    await rm(directory, {recursive: true, force: true});
  }
}

const made = await compileKernel();
if (process.argv[2] === '--print') process.stdout.write(made);
else await writeFile(path.join(root, 'src/models/kernel/wasm-text.ts'), made);
