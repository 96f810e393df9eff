import { Report } from '../diagnostics/report.js';
import type { LikelihoodNode, ModelGraph } from '../graph/model-graph.js';
import { checkResponse, type RowNumbers } from './check-response.js';
import type { Design, LikelihoodDesign } from './design.js';
import { responseNeeds, withinBounds } from './likelihood-design.js';
import { numberText } from './number-text.js';

/**
 * The same design with other values of the response (of the expression left of `~`, so already transformed): one number per row,
 * binary 0 and 1, ordered 1, 2, ... as the categories of the design. Nothing else is computed again.
 * @param y       design.rows numbers, or one for every row of the data; then those of rows that were left out are not looked at
 * @param source  rows of the data
 * @param report  takes what the family does not allow
 * @throws RangeError where there are neither so many nor so many
 */
export function withNewResponse(
  graph: ModelGraph,
  design: Design,
  y: ArrayLike<number>,
  source: number,
  report: Report,
): Design | undefined {
  const values = usedRows(design, y, source);
  const { rowNumbers } = design;
  const rows: RowNumbers = { rowNumber: (row) => rowNumbers[row] };
  const own = new Report();
  const likelihoods = design.likelihoods.map((likelihood, k) =>
    bindResponse(graph.likelihoods[k], likelihood, values, rows, own),
  );
  report.push(own.sorted());
  const sound = likelihoods.filter((likelihood) => likelihood !== undefined);
  return own.hasErrors || sound.length < likelihoods.length ? undefined : { ...design, likelihoods: sound };
}

/**
 * Of a new response the values of the rows that the model uses, as numbers of their own.
 * @param y       design.rows numbers, or one for every row of the data
 * @param source  rows of the data
 * @throws RangeError where there are neither so many nor so many
 */
export function usedRows(
  design: Pick<Design, 'rows' | 'rowNumbers'>,
  y: ArrayLike<number>,
  source: number,
): Float64Array {
  const { rows, rowNumbers } = design;
  if (y.length === rows) return Float64Array.from(y);
  if (y.length === source) return Float64Array.from(rowNumbers, (row) => y[row - 1]);
  const ofData = source === rows ? '' : `, or ${source}, one for each row of the data`;
  throw new RangeError(`a response has ${rows} numbers, one for each row of the model${ofData}; these are ${y.length}`);
}

function bindResponse(
  node: LikelihoodNode,
  likelihood: LikelihoodDesign,
  values: Float64Array,
  rows: RowNumbers,
  report: Report,
): LikelihoodDesign | undefined {
  const needs = responseNeeds(node.family);
  const file = 'the new response';
  const place = { text: node.responseText, span: node.origin, file };
  const { categories } = likelihood;
  if (categories !== null) {
    const bad = values.findIndex((v) => !(v >= 1 && v <= categories.length && Number.isInteger(v)));
    if (bad < 0) return { ...likelihood, y: values };
    report.addData(
      'MM440',
      node.origin,
      { file, row: rows.rowNumber(bad), column: node.responseText },
      {
        response: node.responseText,
        family: node.family.name,
        needs: `whole numbers from 1 to ${categories.length}`,
        value: numberText(values[bad]),
        rows: [rows.rowNumber(bad)],
        more: 0,
        twoValues: false,
      },
    );
    return undefined;
  }
  const response = checkResponse({ kind: 'number', type: 'real', values }, needs, place, rows, report);
  if (response === undefined) return undefined;
  return withinBounds(node, response, needs, likelihood.data, rows, report, file)
    ? { ...likelihood, y: response.y }
    : undefined;
}
