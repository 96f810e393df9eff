import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, extname, join, normalize } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where Chromium or Chrome is: `CHROMIUM` of the environment, else the first on the path; undefined where there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  const candidates = CHROMIUM === undefined ? [] : [CHROMIUM];
  for (const folder of PATH.split(delimiter)) for (const name of names) candidates.push(join(folder, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/**
 * Serves a folder to this machine, opens its page in Chromium, and waits for what the page sends to `/result`.
 * @throws where Chromium ends before
 */
export async function resultOf(chromium: string, folder: string): Promise<unknown> {
  const profile = mkdtempSync(join(tmpdir(), 'mm-chromium-'));
  let deliver: (text: string) => void = () => {};
  const sent = new Promise<string>((resolve) => {
    deliver = resolve;
  });
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (request.method === 'POST' && path === '/result') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.writeHead(204).end();
      deliver(Buffer.concat(chunks).toString('utf8'));
      return;
    }
    try {
      const content = await readFile(join(folder, path === '/' ? '/index.html' : path));
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/html' }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const child = spawn(
    chromium,
    [
      '--headless=new',
      '--no-sandbox', // as root, as in containers, it would not start otherwise
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0', // without one, headless Chromium may end when the page is loaded
      `http://127.0.0.1:${port}/`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<never>((_, failed) => {
    child.on('error', failed);
    child.on('close', (status) => failed(new Error(`chromium ends with ${status}: ${stderr.slice(-2000)}`)));
  });
  try {
    return JSON.parse(await Promise.race([sent, ended]));
  } finally {
    child.kill();
    await ended.catch(() => {});
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
