/** Words that cannot be the name of an exported constant. */
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static super switch ' +
    'this throw true try typeof undefined var void while with yield Model ModelGraph modelFrom'
  ).split(' '),
);

/** Names of models as JavaScript can write them: other characters become `_`, and equal ones are numbered. */
export function identifiersOf(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replace(/[^\p{ID_Continue}$]/gu, '_');
    const started = /^[\p{ID_Start}$_]/u.test(plain) ? plain : `_${plain}`;
    const first = reserved.has(started) ? `${started}_` : started;
    let found = first;
    for (let k = 2; taken.has(found); k++) found = `${first}_${k}`;
    taken.add(found);
    return found;
  });
}
