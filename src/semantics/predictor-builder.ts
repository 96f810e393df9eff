import type { Report } from '../diagnostics/report.js';
import type { FamilyParameter } from '../families/family.js';
import { links } from '../links/index.js';
import type { LinkName } from '../links/link.js';
import type { Expression } from '../syntax/ast.js';
import { checkRandomTerm } from './check-effect.js';
import { argumentsOfUse } from './check-family.js';
import type { LikelihoodUse } from './check-likelihoods.js';
import type { CheckedEffect, CheckedPart, CheckedPredictor } from './checked-model.js';
import type { ColumnScope } from './column-scope.js';
import { constantValue } from './constant.js';
import { type Definition, nameOf, whatIs } from './definitions.js';
import { deparse } from './deparse.js';
import { EffectBuilder, NodeIds } from './effect-builder.js';
import { expandFormula } from './expand-formula.js';
import type { Formula } from './formula.js';
import { nearest } from './spelling.js';

/** A class with its likelihood and its own definitions; of a model without classes, its only one (class null). */
export interface ClassUse {
  readonly class: string | null;
  readonly own: readonly Definition[];
  readonly likelihood: LikelihoodUse | null;
  /** The likelihood stands inside the class, so that its unknown constants are the class's own. */
  readonly ownLikelihood: boolean;
}

/** A parameter with a number in its place: `student_t(4, mu, sigma)`. */
export interface HeldParameter {
  readonly predictor: CheckedPredictor;
  readonly value: number;
  readonly at: Expression;
}

type PredictorDefinition = Extract<Definition, { kind: 'predictor' }>;

/** Makes the predictors, parts and random effects of a model, each statement once for everyone who shares it. */
export class PredictorBuilder {
  readonly predictors: CheckedPredictor[] = [];
  readonly held: HeldParameter[] = [];
  private readonly ids = new NodeIds();
  private readonly blocks: EffectBuilder;
  private readonly builtPredictors = new Map<string, CheckedPredictor>();
  private readonly used = new Set<Definition>();
  /** Those of all blocks. */
  private readonly definitions: readonly Definition[];

  constructor(
    private readonly shared: readonly Definition[],
    classes: readonly ClassUse[],
    private readonly scope: ColumnScope,
    private readonly report: Report,
  ) {
    this.definitions = [...shared, ...classes.flatMap((c) => c.own)];
    this.blocks = new EffectBuilder(this.ids, scope, report);
  }

  get parts(): readonly CheckedPart[] {
    return this.blocks.parts;
  }

  get effects(): readonly CheckedEffect[] {
    return this.blocks.effects;
  }

  /** The predictors of one class by parameter; those of shared statements are the same objects for all classes. */
  buildClass(c: ClassUse): Map<string, CheckedPredictor> {
    const result = new Map<string, CheckedPredictor>();
    const use = c.likelihood;
    if (use === null || use.family === null) {
      this.checkAlone(c);
      return result;
    }
    for (const argument of argumentsOfUse(use.family)) {
      if (argument.kind !== 'parameter' && argument.kind !== 'held' && argument.kind !== 'data') continue;
      const parameter = argument.parameter;
      if (parameter === null) continue;
      const definition = this.definitionOf(parameter.name, c);
      if (argument.kind !== 'parameter' && definition !== undefined) {
        this.used.add(definition);
        const { span } = definition.parameter;
        if (argument.kind === 'held')
          this.report.add('MM343', span, { name: parameter.name, value: deparse(argument.at) });
        else this.report.add('MM210', span, { argument: parameter.name, column: deparse(argument.value) });
      }
      if (argument.kind === 'data') continue;
      if (argument.kind === 'held') {
        const predictor = this.heldPredictor(parameter, argument.value, argument.at, c, use);
        result.set(parameter.name, predictor);
        continue;
      }
      const shortForm = use.formula !== null && parameter.role === 'location' ? use.formula : null;
      if (shortForm !== null && definition !== undefined) {
        this.used.add(definition);
        this.report.add('MM203', definition.statement.target.span, { what: 'the predictor of', name: parameter.name });
      }
      const absorbed = use.family.name === 'cumulative';
      if (shortForm !== null) {
        result.set(parameter.name, this.fromFormula(parameter, shortForm, c.ownLikelihood ? c.class : null, c));
      } else if (definition !== undefined)
        result.set(parameter.name, this.fromDefinition(parameter, definition, c, absorbed));
      else result.set(parameter.name, this.unknownConstant(parameter, c, argument.at));
    }
    return result;
  }

  /** Expands the predictor of a gate; it may hold fixed effects only. */
  gatePredictor(id: string, parameter: string, link: LinkName, formula: Formula, className: string): CheckedPredictor {
    const predictor: CheckedPredictor = {
      id: this.ids.take([id]),
      parameter,
      class: className,
      link,
      constant: false,
      location: false,
      interceptAbsorbed: false,
      formula,
      value: null,
      parts: [],
      effects: [],
      span: formula.span,
    };
    this.predictors.push(predictor);
    return predictor;
  }

  reportUnused(): void {
    for (const d of this.definitions) {
      if (d.kind === 'gate' || this.used.has(d)) continue;
      const { name, span } = nameOf(d);
      if (d.kind === 'part') this.blocks.makePart(d, null); // its own mistakes come before its being unused
      if (d.kind === 'effect') checkRandomTerm(d.term, this.scope, this.report);
      const open = this.predictors.filter((p) => p.constant || p.formula === null).map((p) => p.parameter);
      const near = d.kind === 'part' ? nearest(name, open) : undefined;
      if (near !== undefined) this.report.add('MM211', span, { name, near, parameters: open.join(', ') });
      else if (!this.report.hasErrors) this.report.add('MM204', span, { what: whatIs(d), name });
    }
  }

  private definitionOf(parameter: string, c: ClassUse): PredictorDefinition | undefined {
    const of = (d: Definition): d is PredictorDefinition => d.kind === 'predictor' && d.parameter.name === parameter;
    return c.own.find(of) ?? this.shared.find(of);
  }

  // Without a family nothing is known of the parameters, but the formulas can be looked at.
  private checkAlone(c: ClassUse): void {
    for (const d of [...c.own, ...this.shared]) {
      if (d.kind !== 'predictor' || this.used.has(d)) continue;
      this.used.add(d);
      this.expand(d.statement.value, c, d.parameter.name);
    }
    const formula = c.likelihood?.formula;
    if (formula !== null && formula !== undefined) this.expand(formula, c, 'mu');
  }

  private fromDefinition(
    parameter: FamilyParameter,
    d: PredictorDefinition,
    c: ClassUse,
    absorbed: boolean,
  ): CheckedPredictor {
    this.used.add(d);
    const owner = c.own.includes(d) ? c.class : null;
    const key = `${d.statement.span.start}/${owner ?? ''}`;
    const built = this.builtPredictors.get(key);
    if (built !== undefined) return built;

    const bare = constantValue(d.statement.value);
    if (bare !== null && bare !== 1 && bare !== 0) {
      this.report.add('MM331', d.statement.span, { name: parameter.name, value: deparse(d.statement.value) });
    }
    const wrongNumber = bare !== null && bare !== 1 && bare !== 0;
    const { formula, parts, effects } = wrongNumber
      ? { formula: null, parts: [], effects: [] }
      : this.expand(d.statement.value, c, d.parameter.name);
    const interceptOnly = formula === null || isInterceptOnly(formula);
    if (d.link !== null && !parameter.links.includes(d.link.name)) {
      const allowed = parameter.links.join(', ');
      this.report.add('MM229', d.link.at.span, { name: parameter.name, link: d.link.name, allowed });
    }
    // `sigma = 1`: an intercept on whatever scale is the same model, so it is an unknown constant.
    const constant = interceptOnly && d.link === null && parameter.role !== 'location';
    const link = d.link?.name ?? (constant ? parameter.defaultLink : 'identity');
    if (d.link === null && !constant && parameter.support !== 'real') {
      const { name, defaultLink, support } = parameter;
      this.report.add('MM344', d.statement.target.span, { name, link: defaultLink, support });
    }
    if (formula !== null && !absorbed && isEmpty(formula))
      this.report.add('MM332', d.statement.span, { name: parameter.name });
    const predictor: CheckedPredictor = {
      id: this.ids.take([owner === null ? parameter.name : `${parameter.name}@${owner}`]),
      parameter: parameter.name,
      class: owner,
      link,
      constant,
      location: parameter.role === 'location',
      interceptAbsorbed: absorbed,
      formula: constant ? null : formula,
      value: null,
      parts,
      effects,
      span: d.statement.span,
    };
    this.predictors.push(predictor);
    this.builtPredictors.set(key, predictor);
    return predictor;
  }

  private fromFormula(
    parameter: FamilyParameter,
    value: Expression,
    owner: string | null,
    c: ClassUse,
  ): CheckedPredictor {
    const key = `${value.span.start}/${owner ?? ''}`;
    const built = this.builtPredictors.get(key);
    if (built !== undefined) return built;
    const { formula, parts, effects } = this.expand(value, c, parameter.name);
    if (isEmpty(formula)) this.report.add('MM332', value.span, { name: parameter.name });
    const predictor: CheckedPredictor = {
      id: this.ids.take([owner === null ? parameter.name : `${parameter.name}@${owner}`]),
      parameter: parameter.name,
      class: owner,
      link: parameter.defaultLink,
      constant: false,
      location: true,
      interceptAbsorbed: false,
      formula,
      value: null,
      parts,
      effects,
      span: value.span,
    };
    this.predictors.push(predictor);
    this.builtPredictors.set(key, predictor);
    return predictor;
  }

  private unknownConstant(parameter: FamilyParameter, c: ClassUse, at: Expression): CheckedPredictor {
    const owner = this.constantOwner(parameter, c);
    const key = `constant ${parameter.name}/${owner ?? ''}`;
    const built = this.builtPredictors.get(key);
    if (built !== undefined) return built;
    const predictor = this.constantPredictor(parameter, owner, null, at);
    this.builtPredictors.set(key, predictor);
    return predictor;
  }

  /** A constant of the common likelihood that no class mentions is shared; any other is the class's own. */
  private constantOwner(parameter: FamilyParameter, c: ClassUse): string | null {
    if (c.class === null) return null;
    if (c.ownLikelihood) return c.class;
    const mentioned = this.definitions.some((d) => d.kind === 'predictor' && d.parameter.name === parameter.name);
    return mentioned ? c.class : null;
  }

  private heldPredictor(
    parameter: FamilyParameter,
    value: number,
    at: Expression,
    c: ClassUse,
    use: LikelihoodUse,
  ): CheckedPredictor {
    const owner = c.ownLikelihood ? c.class : null;
    const key = `held ${parameter.name}/${use.statement.span.start}/${owner ?? ''}`;
    const built = this.builtPredictors.get(key);
    if (built !== undefined) return built;
    const location = parameter.role === 'location';
    const predictor = this.constantPredictor(
      parameter,
      owner,
      location ? links[parameter.defaultLink].link(value) : null,
      at,
    );
    if (!location) this.held.push({ predictor, value, at });
    this.builtPredictors.set(key, predictor);
    return predictor;
  }

  private constantPredictor(
    parameter: FamilyParameter,
    owner: string | null,
    value: number | null,
    at: Expression,
  ): CheckedPredictor {
    const predictor: CheckedPredictor = {
      id: this.ids.take([owner === null ? parameter.name : `${parameter.name}@${owner}`]),
      parameter: parameter.name,
      class: owner,
      link: parameter.defaultLink,
      constant: value === null,
      location: parameter.role === 'location',
      interceptAbsorbed: false,
      formula: null,
      value,
      parts: [],
      effects: [],
      span: at.span,
    };
    this.predictors.push(predictor);
    return predictor;
  }

  private expand(
    value: Expression,
    c: ClassUse,
    parameter: string,
  ): { formula: Formula; parts: string[]; effects: string[] } {
    const definitions = new Map<string, Definition>();
    for (const d of [...this.shared, ...c.own]) {
      if (d.kind === 'effect' || d.kind === 'part') definitions.set(d.name.name, d);
    }
    const formula = expandFormula(value, {
      scope: this.scope,
      report: this.report,
      named: new Set(definitions.keys()),
      where: 'a predictor',
      allowRandom: true,
      allowOffset: true,
    });
    const parts: string[] = [];
    const effects: string[] = [];
    for (const name of formula.named) {
      const d = definitions.get(name.name);
      if (d === undefined) continue;
      this.used.add(d);
      const owner = c.own.includes(d) ? c.class : null;
      if (d.kind === 'part') parts.push(...this.blocks.makePart(d, owner).map((p) => p.id));
      if (d.kind === 'effect') effects.push(...this.blocks.makeNamedEffect(d, owner).map((e) => e.id));
    }
    // Unnamed random effects of a shared predictor are shared; a class's own belong to it.
    const shared = this.shared.some((d) => d.kind === 'predictor' && d.statement.value === value);
    const isCommonFormula = c.likelihood?.formula === value && !c.ownLikelihood;
    const owner = shared || isCommonFormula ? null : c.class;
    effects.push(...this.blocks.makeEffects(formula.random, owner, parameter));
    this.blocks.checkOverlaps(effects, formula);
    return { formula, parts, effects };
  }
}

function isEmpty(f: Formula): boolean {
  return (
    !f.intercept && f.terms.length === 0 && f.offsets.length === 0 && f.random.length === 0 && f.named.length === 0
  );
}

function isInterceptOnly(f: Formula): boolean {
  return f.intercept && f.terms.length === 0 && f.offsets.length === 0 && f.random.length === 0 && f.named.length === 0;
}
