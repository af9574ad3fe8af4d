// Brings onnxruntime for the tests that run exported models: a download of 114 MB, so it is no dependency of the program or
// its development, and `npm start` is spared it. Its install script, which fetches more, never runs (tools/onnxruntime/.npmrc).
// Does nothing, and needs no network, where it is installed already. Without it those tests fail and say why; the others run.

import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const folder = process.argv[2] ?? fileURLToPath(new URL('../tools/onnxruntime', import.meta.url));
const binaries = join(folder, 'node_modules', 'onnxruntime-node', 'bin');

/** npm writes its own list of what it installed last, so it is not there after an interruption. */
function isInstalled() {
  const [wanted, found] = ['package-lock.json', join('node_modules', '.package-lock.json')].map(hashesIn);
  return found !== null && Object.entries(wanted).every(([name, hash]) => found[name] === hash);
}

function hashesIn(name) {
  try {
    const {packages} = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return Object.fromEntries(Object.entries(packages).map(([key, {integrity}]) => [key, integrity]));
  } catch {
    return null;
  }
}

/** The package has the libraries of every system: 291 MB, of which one needs 46. */
function leaveOnlyThisSystem() {
  for (const version of readdirSync(binaries))
    for (const system of readdirSync(join(binaries, version)))
      for (const processor of readdirSync(join(binaries, version, system)))
        if (system !== process.platform || processor !== process.arch)
          rmSync(join(binaries, version, system, processor), {recursive: true});
}

if (!isInstalled()) {
  console.log('Installing onnxruntime for the tests of exported models (114 MB to download, once) …');
  const shell = process.platform === 'win32';
  const {status, stderr} = spawnSync('npm', ['ci', '--prefix', folder], {encoding: 'utf8', shell});
  if (status === 0) leaveOnlyThisSystem();
  else {
    const why = /npm error (?!code|errno|syscall).*/.exec(stderr ?? '')?.[0] ?? 'npm did not run';
    console.error(`onnxruntime could not be installed (${why}), so the tests that run exported models will fail.`);
    console.error('Once the network is back: npm ci --prefix tools/onnxruntime');
  }
}
