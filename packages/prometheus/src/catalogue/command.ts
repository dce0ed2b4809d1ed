import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Catalogue } from '@afstatsd/core/catalogue';
import { catalogueDashboard } from './dashboard.js';
import { catalogueMarkdown } from './markdown.js';

const HELP = `Makes documents of a catalogue of metrics (defineMetrics).

  afstatsd-catalogue MODULE [options]

MODULE exports the catalogue. TypeScript works where Node.js runs it.

  --markdown FILE      a page about the metrics
  --dashboard FILE     a dashboard for Grafana
  --rules FILE         rules for the collector, as JSON: { "rules": [ … ] }
  --title TEXT         of the page and the dashboard (Metrics)
  --prefix TEXT        the client's prefix
  --page-prefix TEXT   what the collector or the page puts before every name
  --export NAME        which export of the module, if several are catalogues
  --check              writes nothing, and fails if a file isn't as it would be written
  --help               shows this
`;

/** The streams that a command writes to. */
interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * Runs the command.
 *
 * @param args - Without the program's name.
 * @returns The exit code: 1 if a file isn't up to date, 2 for a wrong call, else 0.
 */
export async function runCatalogue(args: readonly string[], { out, err }: Streams): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        markdown: { type: 'string' },
        dashboard: { type: 'string' },
        rules: { type: 'string' },
        title: { type: 'string' },
        prefix: { type: 'string' },
        'page-prefix': { type: 'string' },
        export: { type: 'string' },
        check: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help === true) {
      out(HELP);
      return 0;
    }
    const [module, ...more] = positionals;
    if (module === undefined || more.length > 0) throw new Error('one module is expected; --help shows how');
    const { markdown, dashboard, rules, prefix = '' } = values;
    const options = { title: values.title ?? 'Metrics', prefix, pagePrefix: values['page-prefix'] ?? '' };
    if (markdown === undefined && dashboard === undefined && rules === undefined)
      throw new Error('nothing to make: give --markdown, --dashboard or --rules');
    const catalogue = await catalogueIn(module, values.export);
    const files: [file: string | undefined, make: () => string][] = [
      [markdown, () => catalogueMarkdown(catalogue, options)],
      [dashboard, () => json(catalogueDashboard(catalogue, options))],
      [rules, () => json({ rules: catalogue.rules(prefix) })],
    ];
    const wanted = files.flatMap(([file, make]) => (file === undefined ? [] : [{ file, text: make() }]));
    let code = 0;
    for (const { file, text } of wanted) {
      if (values.check !== true) {
        writeFileSync(file, text);
        out(`${file}: written\n`);
      } else if (text !== contentOf(file)) {
        err(`${file} isn't up to date with ${module}\n`);
        code = 1;
      }
    }
    return code;
  } catch (error) {
    err(`afstatsd-catalogue: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function catalogueIn(module: string, name: string | undefined): Promise<Catalogue> {
  const loaded = (await import(pathToFileURL(resolve(module)).href)) as Record<string, unknown>;
  // A CommonJS module may have all its exports in the default export.
  const exported = { ...(Object(loaded['default']) as Record<string, unknown>), ...loaded };
  const named = Object.entries(exported).filter(([key]) => name === undefined || key === name);
  const found = new Set(named.flatMap(([, value]) => (isCatalogue(value) ? [value] : [])));
  const [catalogue, other] = found;
  if (catalogue === undefined)
    throw new Error(`${module} exports no catalogue${name === undefined ? '' : ` called ${name}`}`);
  if (other !== undefined) throw new Error(`${module} exports several catalogues: choose one with --export`);
  return catalogue;
}

function isCatalogue(value: unknown): value is Catalogue {
  const { metrics, typed, rules } = Object(value) as Partial<Catalogue>;
  return typeof metrics === 'object' && typeof typed === 'function' && typeof rules === 'function';
}
