import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const most = 200;

/** Files and folders whose path starts with what is typed; folders end with a slash. None where nothing can be read. */
export function filesLike(
  { folder, home }: { readonly folder: string; readonly home: string },
  typed: string,
): string[] {
  const cut = typed.lastIndexOf('/') + 1;
  const start = typed.slice(cut);
  const above = typed.slice(0, cut);
  const inside = above.startsWith('~/') ? resolve(home, above.slice(2)) : resolve(folder, above);
  try {
    return readdirSync(inside)
      .filter((name) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
      .slice(0, most)
      .map((name) => `${above}${name}${isFolder(join(inside, name)) ? '/' : ''}`);
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // a link to nowhere
  }
}
