import { createReadStream, promises } from 'node:fs';
import { createGunzip } from 'node:zlib';

const pieceLength = 1 << 18;

/** A file's bytes piece by piece, each in the same array as the one before. */
export async function* filePieces(path: string): AsyncGenerator<Uint8Array> {
  const file = await promises.open(path);
  try {
    const buffer = new Uint8Array(pieceLength);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, pieceLength, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The bytes of a file that gzip has compressed. */
export function unzippedPieces(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: pieceLength });
  const unzipped = createGunzip({ chunkSize: pieceLength });
  file.on('error', (error) => unzipped.destroy(error));
  return file.pipe(unzipped);
}
