import type { Code, CodeParameters } from '../diagnostics/codes.js';
import type { DataPlace } from '../diagnostics/diagnostic.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';

/** Thrown inside the data layer where an expression cannot be computed; `attempt` turns it into a diagnostic. */
export class DataProblem extends Error {
  private constructor(
    /** Equal for problems that would read the same. */
    readonly identity: string,
    readonly tell: (report: Report, span: Span | undefined, place: DataPlace) => void,
    private readonly place: DataPlace,
  ) {
    super(`the data do not fit the model: ${identity}`);
  }

  static of<C extends Code>(code: C, parameters: CodeParameters<C>, place: DataPlace = {}): DataProblem {
    return new DataProblem(
      `${code} ${JSON.stringify(parameters)}`,
      (report, span, at) => report.addData(code, span, at, parameters),
      place,
    );
  }

  inFile(file: string): DataProblem {
    return new DataProblem(this.identity, this.tell, { file, ...this.place });
  }

  addTo(report: Report, span: Span | undefined): void {
    this.tell(report, span, this.place);
  }
}

/** Runs `compute`; a problem of the data becomes a diagnostic at `span`. */
export function attempt<T>(report: Report, span: Span | undefined, compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof DataProblem)) throw error;
    error.addTo(report, span);
    return undefined;
  }
}
