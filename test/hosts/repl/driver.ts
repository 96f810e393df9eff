import { parseTable } from '../../../src/data/parse-table.js';
import { schemaOf } from '../../../src/data/schema-of.js';
import { diagnostic } from '../../../src/diagnostics/report.js';
import { runJob } from '../../../src/hosts/repl/jobs.js';
import { reduce } from '../../../src/hosts/repl/reduce.js';
import {
  type Effect,
  newSession,
  type Output,
  type Session,
  type SessionEvent,
} from '../../../src/hosts/repl/session.js';

/** A session whose files are texts by path, and whose jobs are done at once: no terminal, no disk, no thread. */
export class Driver {
  session: Session = newSession('/place', '/home/me', { width: 80, unicode: true, rows: 10 });
  readonly files: Map<string, string>;
  left = false;
  /** Set: the next job is stopped instead of done. */
  stopNext = false;

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.files = new Map(Object.entries(files));
  }

  /** Types something, and gives what the session says of it. */
  say(text: string): readonly Output[] {
    const outputs: Output[] = [];
    let event: SessionEvent = { kind: 'input', input: { text, line: 1 } };
    let asked: Effect | null = null;
    do {
      const step = reduce(this.session, event, asked);
      this.session = step.session;
      outputs.push(...step.outputs);
      asked = step.effect;
      if (asked?.kind === 'leave') this.left = true;
      else if (asked !== null) event = this.perform(asked);
    } while (asked !== null && !this.left);
    return outputs;
  }

  /** The codes of what is wrong, or is to be minded. */
  codes(text: string): string[] {
    return this.say(text).flatMap((o) => (o.kind === 'problem' ? [o.diagnostic.code] : []));
  }

  /** What is printed. */
  text(text: string): string {
    return this.say(text)
      .flatMap((o) => (o.kind === 'result' || o.kind === 'program' ? [o.text] : []))
      .join('\n');
  }

  info(text: string): string {
    return this.say(text)
      .flatMap((o) => (o.kind === 'info' ? [o.text] : []))
      .join('\n');
  }

  private perform(effect: Effect): SessionEvent {
    switch (effect.kind) {
      case 'readData': {
        const { file } = effect;
        const text = this.files.get(file.path);
        if (text === undefined) return { kind: 'dataRead', loaded: null, diagnostics: [missing(file.shown)] };
        const { table, diagnostics } = parseTable(text, { source: file.shown });
        const loaded = table === undefined ? null : { ...file, table, schema: schemaOf(table) };
        return { kind: 'dataRead', loaded, diagnostics };
      }
      case 'readModel': {
        const text = this.files.get(effect.file.path) ?? null;
        return { kind: 'modelRead', text, diagnostics: text === null ? [missing(effect.file.shown)] : [] };
      }
      case 'write': {
        const { file, text, overwrite } = effect;
        if (this.files.has(file.path) && !overwrite)
          return { kind: 'written', diagnostics: [diagnostic('MM611', {}, { file: file.shown })] };
        this.files.set(file.path, text);
        return { kind: 'written', diagnostics: [] };
      }
      case 'run':
        if (this.stopNext) {
          this.stopNext = false;
          return { kind: 'stopped' };
        }
        // as through another thread
        return { kind: 'ran', result: structuredClone(runJob(structuredClone(effect.job), () => {})) };
      case 'leave':
        return { kind: 'stopped' };
    }
  }
}

function missing(file: string) {
  return diagnostic('MM401', { data: { file } }, { file, reason: 'there is no such file' });
}
