import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../models', import.meta.url));

export interface ModelFile {
  readonly name: string;
  readonly source: string;
}

/** The models under test/models: real analyses, with their data in test/data. */
export function modelFiles(): ModelFile[] {
  return ['.', 'extra'].flatMap((directory) =>
    readdirSync(join(root, directory))
      .filter((file) => file.endsWith('.mm'))
      .sort()
      .map((file) => {
        const name = join(directory, file);
        return { name, source: readFileSync(join(root, name), 'utf8') };
      }),
  );
}
