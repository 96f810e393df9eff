import { diagnostic } from '../diagnostics/report.js';
import { parseArrowTable } from './arrow-table.js';
import type { ParsedTable } from './delimited-reader.js';
import { parseParquetTable } from './parquet-table.js';
import { type ParseOptions, parseTable, sniffFormat } from './parse-table.js';

/**
 * A table from the bytes of a file, its format told by its content: CSV and the like, JSON, Parquet, Arrow, each also
 * compressed by gzip. Runs wherever `DecompressionStream` does; the readers of binary formats are loaded when needed.
 */
export async function readTableBytes(bytes: Uint8Array, options: ParseOptions = {}): Promise<ParsedTable> {
  const source = options.source ?? 'data';
  switch (sniffFormat(bytes.subarray(0, 4096))) {
    case 'gzip': {
      const plain = await gunzip(bytes);
      if (plain !== undefined) return readTableBytes(plain, options);
      const reason = 'its gzip compression is damaged';
      return {
        table: undefined,
        diagnostics: [diagnostic('MM401', { data: { file: source } }, { file: source, reason })],
      };
    }
    case 'parquet':
      return parseParquetTable(bytes, source);
    case 'arrow':
      return parseArrowTable(bytes, source);
    default:
      return parseTable(bytes, options);
  }
}

async function gunzip(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return undefined; // what fails here is the compression
  }
}
