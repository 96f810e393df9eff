import type { Report } from '../diagnostics/report.js';
import { isMissing } from '../syntax/missing.js';
import { checkRandomTerm, describeColumns, type EffectShape } from './check-effect.js';
import type { CheckedEffect, CheckedPart } from './checked-model.js';
import type { ColumnScope } from './column-scope.js';
import type { Definition } from './definitions.js';
import { expandFormula } from './expand-formula.js';
import type { Formula, RandomTerm } from './formula.js';
import { someExpression } from './walk-expression.js';

type EffectDefinition = Extract<Definition, { kind: 'effect' }>;
type PartDefinition = Extract<Definition, { kind: 'part' }>;

/** Hands out the ids of a model's nodes, each once. */
export class NodeIds {
  private readonly taken = new Set<string>();

  /** The first of the wanted ids that is free, else the last with a number behind it. */
  take(wanted: readonly string[]): string {
    let id = wanted.find((w) => !this.taken.has(w));
    for (let k = 2; id === undefined; k++) {
      const numbered = `${wanted.at(-1) ?? 'node'}#${k}`;
      if (!this.taken.has(numbered)) id = numbered;
    }
    this.taken.add(id);
    return id;
  }
}

/** Makes the random effects and the named parts of a model, a named one once for everyone who shares it. */
export class EffectBuilder {
  readonly parts: CheckedPart[] = [];
  readonly effects: CheckedEffect[] = [];
  private readonly builtEffects = new Map<string, CheckedEffect[]>();
  private readonly builtParts = new Map<string, CheckedPart[]>();

  constructor(
    private readonly ids: NodeIds,
    private readonly scope: ColumnScope,
    private readonly report: Report,
  ) {}

  makePart(d: PartDefinition, owner: string | null): CheckedPart[] {
    const key = `${d.statement.span.start}/${owner ?? ''}`;
    const built = this.builtParts.get(key);
    if (built !== undefined) return built;
    const formula = expandFormula(d.statement.value, {
      scope: this.scope,
      report: this.report,
      named: new Set(),
      where: 'a named part',
      allowRandom: false,
      allowOffset: true,
    });
    const parts: CheckedPart[] = [];
    if (formula.terms.length === 0 && formula.offsets.length === 0) {
      const damaged = someExpression(d.statement.value, isMissing);
      if (!damaged && !this.report.hasErrors) this.report.add('MM337', d.statement.span, { name: d.name.name });
    } else {
      const id = this.ids.take([owner === null ? d.name.name : `${d.name.name}@${owner}`]);
      parts.push({ id, name: d.name.name, formula, span: d.statement.span });
    }
    this.parts.push(...parts);
    this.builtParts.set(key, parts);
    return parts;
  }

  makeNamedEffect(d: EffectDefinition, owner: string | null): CheckedEffect[] {
    const key = `${d.statement.span.start}/${owner ?? ''}`;
    const built = this.builtEffects.get(key);
    if (built !== undefined) return built;
    const name = d.name.name;
    const shapes = checkRandomTerm(d.term, this.scope, this.report);
    if (shapes.length > 1) {
      const nested = shapes.map((s) => s.group.label).join(' and ');
      this.report.add('MM338', d.statement.span, { name, nested });
    }
    const id = owner === null ? name : `${name}@${owner}`;
    const effects = shapes.slice(0, 1).map((s) => ({ ...s, id: this.ids.take([id]), name, class: owner }));
    this.effects.push(...effects);
    this.builtEffects.set(key, effects);
    return effects;
  }

  makeEffects(terms: readonly RandomTerm[], owner: string | null, parameter: string): string[] {
    const made: string[] = [];
    const seen = new Set<string>();
    for (const t of terms) {
      for (const s of checkRandomTerm(t, this.scope, this.report)) {
        const at = owner === null ? '' : `@${owner}`;
        const text = `(${describeColumns(s)} | ${s.group.label})`;
        if (seen.has(text)) {
          this.report.add('MM339', t.span, { text });
          continue;
        }
        seen.add(text);
        const id = this.ids.take(this.wantedIds(s, parameter).map((wanted) => `${wanted}${at}`));
        this.effects.push({ ...s, id, name: null, class: owner });
        made.push(id);
      }
    }
    return made;
  }

  /** The group's label; where it is taken, with the columns, or the parameter where the columns are the same. */
  private wantedIds(s: EffectShape, parameter: string): string[] {
    const { label } = s.group;
    const columns = describeColumns(s);
    const same = this.effects.some((e) => e.group.label === label && describeColumns(e) === columns);
    return [label, ...(same ? [] : [`${label}(${columns})`]), `${label}(${parameter})`];
  }

  /** Two blocks of one group with a column in common share one variance between them. */
  checkOverlaps(ids: readonly string[], formula: Formula): void {
    const seen = new Map<string, Set<string>>();
    for (const id of ids) {
      const e = this.effects.find((effect) => effect.id === id);
      if (e?.formula === undefined || e.formula === null || e.constraint !== null) continue;
      const columns = [...(e.formula.intercept ? ['(Intercept)'] : []), ...e.formula.terms.map((t) => t.label)];
      const before = seen.get(e.group.label) ?? new Set();
      const twice = columns.find((column) => before.has(column));
      if (twice !== undefined) {
        const span = formula.random.some((r) => r.span === e.span) ? e.span : formula.span;
        this.report.add('MM340', span, { group: e.group.label, column: twice });
      }
      for (const column of columns) before.add(column);
      seen.set(e.group.label, before);
    }
  }
}
