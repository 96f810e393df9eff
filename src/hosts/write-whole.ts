import { promises } from 'node:fs'; // loaded when used, which most calls do not

/** Writes a file beside its place and renames it, so that an interruption leaves the old one or the new one, never half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const target = await promises.realpath(path).catch(() => path); // through a link, to the file itself
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await promises.writeFile(temporary, text, { flag: 'wx' });
    const mode = await promises.stat(target).then(
      (found) => found.mode,
      () => undefined,
    );
    if (mode !== undefined) await promises.chmod(temporary, mode);
    await promises.rename(temporary, target);
  } catch (error) {
    await promises.rm(temporary, { force: true });
    throw error;
  }
}
