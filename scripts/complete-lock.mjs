// Adds to package-lock.json the platform packages that the registry in use did not serve when the lock file was written.
// Without them `npm ci` calls the lock file out of date on every machine. Run after each change of dependencies.

import {readFileSync, writeFileSync} from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];
let added = 0;

for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || !/^\d/.test(version)) continue;
    const parts = name.split(/[-/]/);
    const os = systems.filter(system => parts.includes(system));
    const cpu = processors.filter(processor => parts.includes(processor));
    if (os.length === 0 || cpu.length === 0) throw new Error(`the platform of ${name} is not in its name`);
    const libc = os.includes('linux') ? [parts.includes('musl') ? 'musl' : 'glibc'] : undefined;
    lock.packages[key] = {version, cpu, ...(entry.dev ? {dev: true} : {}), ...(libc ? {libc} : {}), optional: true, os};
    added++;
  }
}

const packages = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(file, `${JSON.stringify({...lock, packages: Object.fromEntries(packages)}, null, 2)}\n`);
console.log(`${added} platform packages added to package-lock.json`);
