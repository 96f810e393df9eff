import { createSyntaxDiagramsCode, generateCstDts } from 'chevrotain';
import { MmParser } from './parser.js';
import type { Rules } from './rules.js';
import { rulesOf } from './rules-of-parser.js';

/** Texts that the railroad page needs; they come with chevrotain and are put into the page, which then needs no network. */
export interface DiagramResources {
  readonly styles: string;
  readonly scripts: readonly string[];
}

/** The files of `grammar/` that are made from the parser, by name. */
export function grammarArtifacts(
  resources: DiagramResources,
): Record<'cst.d.ts' | 'railroad.html' | 'rule-table.ts', string> {
  const parser = new MmParser(true);
  const page = createSyntaxDiagramsCode(parser.getSerializedGastProductions());
  const styles = `<style>\n${resources.styles}\n</style>`;
  const scripts = resources.scripts.map((script) => `<script>\n${withoutRemarks(script)}\n</script>`).join('\n');
  const inlined = page
    .replace(/<link rel='stylesheet'[^>]*>/, () => styles)
    .replace(/(?:<script src='[^']*'><\/script>\s*)+/, () => `${scripts}\n`)
    .replace('<meta charset="utf-8">', '<meta charset="utf-8">\n<title>The grammar of mm</title>');
  return {
    'cst.d.ts': `${generateCstDts(parser.getGAstProductions(), { includeVisitorInterface: false }).trim()}\n`,
    'railroad.html': `${inlined.trim()}\n`,
    'rule-table.ts': tableText(rulesOf(parser)),
  };
}

/** Without the lines that speak to chevrotain's own authors only. */
function withoutRemarks(script: string): string {
  return script.replace(/^[ \t]*\/\/.*\n/gm, '');
}

function tableText(rules: Rules): string {
  const rows = Object.entries(rules).map(([name, parts]) => `  ${name}: ${JSON.stringify(parts)},\n`);
  return `// Made from the parser by \`npm run generate\`.
import type { Rules } from './rules.js';

export const ruleTable: Rules = {\n${rows.join('')}};\n`;
}
