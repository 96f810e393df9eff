/** What a user of R writes where a column stands, and what to write here. */
const columnHabits: ReadonlyMap<string, string> = new Map([
  ['.', "there is no '.' for all columns: name them"],
  ['TRUE', 'write true'],
  ['FALSE', 'write false'],
  ['T', 'write true'],
  ['F', 'write false'],
]);

const functionHabits: ReadonlyMap<string, string> = new Map([
  ['as.factor', 'write factor(x), or declare the column: data { x: factor }'],
  ['as.numeric', 'declare the column: data { x: real }'],
  ['as.ordered', 'declare the column: data { x: ordered }'],
  ['ordered', 'declare the column: data { x: ordered("low", "high") }'],
  ['interaction', 'write a:b'],
  ['relevel', 'write contrasts x = treatment(ref = "level")'],
  ['C', 'write contrasts x = sum, a statement of its own'],
  ['ifelse', 'write if(condition, a, b)'],
  ['is.na', 'rows with missing values are left out by themselves'],
  ['rcs', 'write ns(x, df = 3)'],
  ['s', 'there are no penalised splines here: write ns(x, df = 3)'],
]);

export function columnAdvice(name: string): string | undefined {
  return columnHabits.get(name);
}

export function functionAdvice(name: string): string | undefined {
  return functionHabits.get(name);
}
