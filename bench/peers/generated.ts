import { closeSync, existsSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { cache } from '../process.js';
import type { PeerData } from './cases.js';
import { contraceptionCsv } from './contraception.js';
import { millionCsv } from './million.js';
import { responsesCsv } from './responses.js';

/** The path of the rows, made where they are not there yet. */
export function pathOf(data: PeerData): string {
  if ('file' in data) return data.file;
  return data.generated === 'million' ? kept('million-1', millionCsv) : written('contraception', contraceptionCsv());
}

/** The path of the responses of the refits. */
export function responsesPath(): string {
  return written('sleepstudy-responses', responsesCsv());
}

function written(name: string, rows: string): string {
  const path = resolve(cache, `${name}.csv`);
  writeFileSync(path, rows);
  return path;
}

/** Many rows, which are written once; change the name with the rows. */
export function kept(name: string, pieces: () => Iterable<string>): string {
  const path = resolve(cache, `${name}.csv`);
  if (existsSync(path)) return path;
  const part = `${path}.${process.pid}`;
  const file = openSync(part, 'w');
  for (const piece of pieces()) writeSync(file, piece);
  closeSync(file);
  renameSync(part, path); // whole or not there
  return path;
}
