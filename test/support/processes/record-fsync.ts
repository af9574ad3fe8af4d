// Loaded before the program: writes the path and the size of every file that is synced to the file of FSYNC_LOG.

import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';

const log = process.env.FSYNC_LOG ?? '';
const {fsyncSync} = fs;
fs.fsyncSync = descriptor => {
  fsyncSync(descriptor);
  const path = fs.readlinkSync(`/proc/self/fd/${descriptor}`);
  fs.appendFileSync(log, `${JSON.stringify({path, size: fs.fstatSync(descriptor).size})}\n`);
};
syncBuiltinESMExports();
