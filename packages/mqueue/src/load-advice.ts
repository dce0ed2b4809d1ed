import type { BindingName } from './binding.js';

/** Flags for runtimes that restrict programs, by the error's code or, in Deno, its name. */
const RESTRICTIONS: Readonly<Record<string, string>> = {
  ERR_DLOPEN_DISABLED: 'start node with --allow-addons',
  ERR_ACCESS_DENIED:
    'start node with --allow-addons, and with --allow-fs-read for the folder of node_modules',
  NotCapable: 'start deno with --allow-ffi, --allow-read and --allow-env',
};

/** Next.js has a constant in place of NEXT_RUNTIME in what it bundles, and sets it where a server of its runs. */
const BUNDLED = process.env['NEXT_RUNTIME']
  ? "have serverExternalPackages: ['@afstatsd/core'] in Next.js's configuration"
  : 'if the program is bundled, mark koffi as external';

const INSTALL: Readonly<Record<BindingName, string>> = {
  koffi: `install koffi, with the optional package that npm adds for this platform, and ${BUNDLED}`,
  'posix-mq': 'install posix-mq with a C++ compiler and python, for use outside worker threads',
};

/** Advice about libraries that can't be loaded. If a restriction keeps one away, only advice about that helps. */
export function loadAdvice(errors: readonly (readonly [BindingName, unknown])[]): string {
  for (const [, error] of errors) {
    const restriction = restrictionOf(error);
    if (restriction !== undefined) return restriction;
  }
  return errors.map(([name]) => INSTALL[name]).join(', or ');
}

/** Also where another error has it as its cause. */
function restrictionOf(error: unknown): string | undefined {
  for (let next = error, depth = 0; next instanceof Error && depth < 5; next = next.cause, depth++) {
    const { code, name } = next as NodeJS.ErrnoException;
    const known = RESTRICTIONS[code ?? ''] ?? RESTRICTIONS[name];
    if (known !== undefined) return known;
  }
  return undefined;
}
