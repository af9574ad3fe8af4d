// Every format that can be read: one line each.

import type {Format} from '../job.ts';
import {arrow} from './arrow.ts';
import {delimited} from './delimited.ts';
import {json, ndjson} from './json.ts';
import {parquet} from './parquet.ts';
import {sqlite, xlsx} from './tables-apart.ts';

export const FORMATS: readonly Format[] = [delimited, json, ndjson, parquet, arrow, xlsx, sqlite];
