import type { Column, Table } from './data/table.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { diagnostic } from './diagnostics/report.js';
import { type FitOutcome, fittedParts } from './fit.js';
import { graphProblems } from './graph/validate-graph.js';
import type { FittedModel } from './prediction/fitted-model.js';
import { checksum } from './saved/checksum.js';
import { decode, encode } from './saved/encode.js';
import { modelFrame } from './saved/model-frame.js';
import { savedForm, shapeProblem } from './saved/schema.js';

/** A fit as plain JSON; `JSON.stringify` it, and `loadFit` what came back. */
export interface SavedFit {
  readonly schema: typeof savedForm;
  readonly checksum: string;
  readonly content: unknown;
}

/** What is kept with a fit. */
export interface SaveOptions {
  /** Also the rows that were used, in the columns the model reads, so that responses can be drawn for them. Default true. */
  readonly rows?: boolean;
}

/** What can be gone on from: what `fit` gave, or what `loadFit` read. */
export type Fitted = FitOutcome | FittedModel;

/**
 * What predictions and new responses are made from.
 * @throws RangeError where nothing was fitted, as after an error
 */
export function fittedModel(fitted: Fitted): FittedModel {
  if ('memory' in fitted) return fitted;
  const { fit, graph, design, table, estimates } = fittedParts(fitted);
  const frame = table === undefined ? null : modelFrame(graph, table, design.rowNumbers);
  const categories = design.likelihoods[0]?.categories ?? null;
  return { graph, fit, estimates: estimates(), memory: design.memory, categories, frame };
}

/** A fit to be kept. @throws RangeError where nothing was fitted */
export function saveFit(fitted: Fitted, options: SaveOptions = {}): SavedFit {
  const { frame, ...rest } = fittedModel(fitted);
  const rows =
    frame === null || options.rows === false ? null : { rows: frame.rows, columns: [...frame.columns.values()] };
  const content = encode({ ...rest, frame: rows });
  return { schema: savedForm, checksum: checksum(JSON.stringify(content)), content };
}

/** What `loadFit` gives. */
export interface LoadOutcome {
  /** Absent where the text is no saved fit. */
  readonly fitted?: FittedModel;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads what `saveFit` made: its form, its checksum, its shape and the references in its graph are checked.
 * @param saved   JSON as a text, or parsed
 * @param source  what messages call it
 */
export function loadFit(saved: unknown, source = 'saved fit'): LoadOutcome {
  const place = { data: { file: source } };
  const refuse = (reason: string): LoadOutcome => ({
    diagnostics: [diagnostic('MM591', place, { file: source, reason })],
  });
  let value: unknown = saved;
  if (typeof saved === 'string') {
    try {
      value = JSON.parse(saved);
    } catch {
      return refuse('it is not JSON');
    }
  }
  if (typeof value !== 'object' || value === null || !('schema' in value) || typeof value.schema !== 'string')
    return refuse('it does not say that it is one');
  if (!value.schema.startsWith('mm.saved-fit/')) return refuse(`it is ${value.schema}`);
  if (value.schema !== savedForm)
    return { diagnostics: [diagnostic('MM592', place, { file: source, version: value.schema })] };
  if (!('content' in value) || !('checksum' in value)) return refuse('it has no content');
  if (checksum(JSON.stringify(value.content)) !== value.checksum)
    return { diagnostics: [diagnostic('MM593', place, { file: source })] };
  const problem = shapeProblem(value);
  if (problem !== undefined) return refuse(problem);
  // the shape was checked, and the checksum says that it is what was written
  const { frame, ...rest } = decode(value.content) as Omit<FittedModel, 'frame'> & {
    readonly frame: FrameContent | null;
  };
  const [wrong] = graphProblems(rest.graph);
  if (wrong !== undefined) return refuse(wrong);
  return { fitted: { ...rest, frame: frame === null ? null : tableOfFrame(frame, source) }, diagnostics: [] };
}

interface FrameContent {
  readonly rows: number;
  readonly columns: readonly Column[];
}

function tableOfFrame({ rows, columns }: FrameContent, source: string): Table {
  return { rows, columns: new Map(columns.map((column) => [column.name, column])), source };
}
