#!/usr/bin/env node
// Starts the built program on a Node that can run it. Plain CommonJS without syntax newer than Node 12, so that an old
// Node reaches the sentence that explains itself.
'use strict';

const path = require('path');

const needed = [22, 12];
const have = process.versions.node.split('.').map(Number);
const newEnough = have[0] > needed[0] || (have[0] === needed[0] && have[1] >= needed[1]);

if (!newEnough) {
  runOnNewerNode();
} else if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(require('../package.json').version + '\n');
} else {
  start();
}

function start() {
  const nodeModule = require('module');
  if (nodeModule.enableCompileCache && !process.env.NODE_DISABLE_COMPILE_CACHE) nodeModule.enableCompileCache();
  const entry = path.join(__dirname, '..', 'dist', 'main.js');
  import(require('url').pathToFileURL(entry).href).catch(error => {
    if (error && error.code === 'ERR_MODULE_NOT_FOUND' && !require('fs').existsSync(entry)) {
      process.stderr.write('ds-agent is not built yet. Run: npm run build\n');
      process.exit(4);
    }
    process.stderr.write(`ds-agent could not start: ${(error && error.message) || error}\n`);
    process.exit(1);
  });
}

/** A checkout brings a newer Node as a development dependency; an installed package does not. */
function runOnNewerNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const newer = path.join(
    __dirname,
    '..',
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    'bin',
    file,
  );
  if (!require('fs').existsSync(newer) || process.env.DS_AGENT_REEXECUTED) {
    process.stderr.write(
      `ds-agent needs Node.js ${needed.join('.')} or newer, and this is ${process.versions.node}: install a newer Node.js and run it again.\n`,
    );
    process.exit(4);
  }
  const child = require('child_process').spawn(newer, [__filename].concat(process.argv.slice(2)), {
    stdio: 'inherit',
    env: Object.assign({}, process.env, {DS_AGENT_REEXECUTED: '1'}),
  });
  // In a terminal the child gets Ctrl-C itself; this process only has to outlive it and pass the other signals on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', error => {
    process.stderr.write(`ds-agent could not start ${newer}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 128 + require('os').constants.signals[signal] : code));
}
