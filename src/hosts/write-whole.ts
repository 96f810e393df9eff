import { chmod, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/** Writes a file beside its place and renames it, so that an interruption leaves the old one or the new one, never half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path); // through a link, to the file itself
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    const mode = await stat(target).then(
      (found) => found.mode,
      () => undefined,
    );
    if (mode !== undefined) await chmod(temporary, mode);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
