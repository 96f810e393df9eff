/** What the system's error about a file means, in words. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOSPC':
      return 'no space is left on the device';
    case 'ENOTDIR':
      return 'a part of its path is no directory';
    case 'Z_DATA_ERROR':
    case 'Z_BUF_ERROR':
      return 'its gzip compression is damaged';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
