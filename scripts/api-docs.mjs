// Generates docs/api, the reference of all that the published packages export, from the TSDoc in their sources.
//
//   node scripts/api-docs.mjs           writes the pages
//   node scripts/api-docs.mjs --check   compares them with those that are there, and writes nothing
//
// Both name every public name without a docstring, and fail if there is one. `--root` names a folder with packages/* and
// docs/ to work on instead of this repository.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { entryPoints } from './api-docs/entry-points.mjs';
import { readModel } from './api-docs/model.mjs';
import { differences, render, write } from './api-docs/pages.mjs';
import { undocumented } from './api-docs/undocumented.mjs';

const { values } = parseArgs({ options: { check: { type: 'boolean' }, root: { type: 'string' } } });
const root = values.root ?? join(import.meta.dirname, '..');
const folder = join(root, 'docs/api');

const { app, project, warnings } = await readModel(root, entryPoints(root));
const problems = undocumented(project);
const pages = await render(app, project);
problems.push(...warnings);
if (values.check) problems.push(...differences(pages, folder));
else write(pages, folder);

for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`\n${problems.length} problems with the API's documentation`);
  process.exitCode = 1;
}
