import { diagnostic } from '../diagnostics/report.js';
import type { ParsedTable } from './delimited-reader.js';
import { cellsOf } from './foreign-cells.js';
import { type CellValue, tableFromColumns } from './table-from.js';

/** Parquet with flat columns, in any of its compressions. */
export async function parseParquetTable(bytes: Uint8Array, source: string): Promise<ParsedTable> {
  const [{ parquetMetadataAsync, parquetRead, parquetSchema }, { compressors }] = await Promise.all([
    // Not 'hyparquet', which in Node resolves to a file that imports 'fs'.
    import('hyparquet/src/index.js'),
    import('hyparquet-compressors'),
  ]);
  const refuse = (reason: string): ParsedTable => ({
    table: undefined,
    diagnostics: [diagnostic('MM412', { data: { file: source } }, { file: source, format: 'Parquet', reason })],
  });
  const file = {
    byteLength: bytes.byteLength,
    slice: (start: number, end?: number) => Uint8Array.from(bytes.subarray(start, end)).buffer,
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    const columns: Record<string, CellValue[]> = Object.create(null);
    for (const child of parquetSchema(metadata).children) {
      if (child.children.length > 0) return refuse(`column '${child.element.name}' is nested`);
      columns[child.element.name] = [];
    }
    await parquetRead({
      file,
      metadata,
      compressors,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const cells = columns[columnName];
        cellsOf(columnName, Array.from(columnData)).forEach((cell, i) => {
          cells[rowStart + i] = cell;
        });
      },
    });
    return { table: tableFromColumns(columns, source), diagnostics: [] };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}
