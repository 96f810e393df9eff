// node run-programs.mjs '[{ "file": ..., "folder": ... }, ...]': runs programs one after another, each in its folder, and prints
// what each printed, as a JSON array. One process for all, since loading the library takes longer than most of them.
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const printed = [];
for (const { file, folder } of JSON.parse(process.argv[2])) {
  const lines = [];
  console.log = (...values) => lines.push(format(...values));
  process.chdir(folder);
  await import(pathToFileURL(file).href);
  printed.push(lines.join('\n'));
}
process.stdout.write(JSON.stringify(printed));
