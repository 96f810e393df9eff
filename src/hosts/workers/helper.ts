import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Helping, Workplace } from '../../index.js';
import { type HelperStart, SLEEPERS, TURN } from './helper-start.js';

/** What is used of a global that the types of Node leave out. */
declare const WebAssembly: {
  readonly Instance: new (module: Workplace['module'], imports: object) => { readonly exports: unknown };
};

/** What a thread of a team runs until it is ended; built into one file, dist/mm-helper.cjs. */
function help({ control, index }: HelperStart): void {
  let helping: Helping | null = null;
  for (;;) {
    const turn = Atomics.load(control, TURN);
    let place: Workplace | null | undefined;
    for (let found = next(); found !== undefined; found = next()) place = found.message;
    if (place !== undefined) helping = place === null ? null : at(place, index);
    helping?.help();
    // A turn that changes before the wait begins ends it at once.
    Atomics.add(control, SLEEPERS, 1);
    Atomics.wait(control, TURN, turn);
    Atomics.sub(control, SLEEPERS, 1);
  }
}

function next(): { readonly message: Workplace | null } | undefined {
  return parentPort === null ? undefined : receiveMessageOnPort(parentPort);
}

function at({ module, memory, rooms }: Workplace, index: number): Helping | null {
  const room = rooms[index];
  if (room === undefined) return null;
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, team: { wake: ignored, linger: ignored } });
  const helping = exports as unknown as Helping;
  helping.join(room);
  return helping;
}

/** A helper asks nobody. */
function ignored(): void {}

help(workerData as HelperStart);
