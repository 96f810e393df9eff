import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const pieceLength = 1 << 18;

/** A file's bytes piece by piece, taken out of their gzip compression where they are in one. */
export function stream(path: string, compressed: boolean): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: pieceLength });
  if (!compressed) return file;
  const unzipped = createGunzip({ chunkSize: pieceLength });
  file.on('error', (error) => unzipped.destroy(error));
  return file.pipe(unzipped);
}
