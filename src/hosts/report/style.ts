/** Of the page and its figures: light, dark, narrow and on paper. */
export const style = `
:root { color-scheme: light dark; --back: #ffffff; --text: #1d2430; --quiet: #9aa3b2; --quiet-text: #5a6474; --line: #dde1e8;
  --box: #f4f6fa; --point: #3f5f8f; --accent: #c2410c; --warn: #fff6e5; --warn-line: #d9a441;
  --class1: #3f6fb0; --class2: #d97706; --class3: #4d8f5b; --class4: #a2499c; --class5: #6b7280; --class6: #b91c1c; }
@media (prefers-color-scheme: dark) { :root { --back: #14181f; --text: #e3e7ee; --quiet: #6d7789; --quiet-text: #a3adbd; --line: #313947;
  --box: #1d232d; --point: #8fb1e3; --accent: #fb923c; --warn: #2c2413; --warn-line: #a97f2d;
  --class1: #7aa5e0; --class2: #f2a93b; --class3: #7cc08b; --class4: #d08acb; --class5: #a3acba; --class6: #ef7070; } }
@media print { :root { color-scheme: light; --back: #ffffff; --text: #000000; --quiet: #888888; --quiet-text: #444444; --line: #cccccc;
  --box: #ffffff; --point: #23406b; --accent: #b03a08; --warn: #ffffff; --warn-line: #888888;
  --class1: #3f6fb0; --class2: #d97706; --class3: #4d8f5b; --class4: #a2499c; --class5: #6b7280; --class6: #b91c1c; }
  figure, table, .warnings { break-inside: avoid; } h2, h3, h4 { break-after: avoid; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(0.9rem, 4vw, 2.5rem) 3rem; max-width: 76rem; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 0.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.35rem; margin: 2.2rem 0 0.6rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.08rem; margin: 1.6rem 0 0.5rem; } h4 { font-size: 0.95rem; margin: 0 0 0.3rem; }
nav a { color: var(--point); margin-right: 1rem; } .lead { margin: 0.3rem 0 1rem; }
.source { background: var(--box); border: 1px solid var(--line); border-radius: 6px; padding: 0.8rem 1rem; overflow-x: auto;
  font: 0.86rem/1.45 ui-monospace, monospace; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet-text); padding-bottom: 0.3rem; }
th, td { text-align: left; padding: 0.22rem 1.1rem 0.22rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; color: var(--quiet-text); } .number { text-align: right; padding-right: 0; padding-left: 1.1rem; }
dl { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; margin: 0; } dt { color: var(--quiet-text); font-size: 0.82rem; } dd { margin: 0; font-variant-numeric: tabular-nums; }
.warnings { background: var(--warn); border-left: 4px solid var(--warn-line); margin: 0 0 1rem; padding: 0.6rem 1rem 0.6rem 2rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1.6rem 2rem; align-items: start; }
figure { margin: 0; min-width: 0; } figure svg { width: 100%; height: auto; display: block; } .broad { overflow-x: auto; } .broad svg { min-width: 36rem; max-width: 62rem; }
figcaption { font-size: 0.85rem; color: var(--quiet-text); margin-top: 0.2rem; } .key { white-space: nowrap; margin-right: 0.7rem; color: var(--text); }
.key i { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 2px; margin-right: 0.35em; vertical-align: -0.05em; }
footer { margin-top: 3rem; color: var(--quiet-text); font-size: 0.85rem; }
@media print { body { font-size: 12px; padding: 0; } .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem 1.4rem; } }
`.trim();
