import { join, relative } from 'node:path';
import {
  Application,
  LogLevel,
  Logger,
  ReferenceType,
  ReflectionFlag,
  ReflectionKind,
  UnionType,
} from 'typedoc';
import ts from 'typescript';
import { EntryPointRouter } from './router.mjs';
import { ReferenceTheme } from './theme.mjs';

const repository = join(import.meta.dirname, '../..');

/** Options of typedoc, and of typedoc-plugin-markdown, which writes what it reads as Markdown. */
const OPTIONS = {
  plugin: ['typedoc-plugin-markdown'],
  router: 'entry-points',
  theme: 'reference',
  logLevel: 'Warn',
  name: 'API reference',
  readme: 'none',
  alwaysCreateEntryPointModule: true,
  excludeExternals: true,
  excludePrivate: true,
  excludeInternal: true,
  sort: ['source-order'],
  groupOrder: ['Variables', 'Functions', 'Classes', 'Interfaces', 'Type Aliases'],
  validation: { invalidLink: true, notExported: false, notDocumented: false },
  // The theme writes parameters itself.
  parametersFormat: 'none',
  expandParameters: true,
  expandObjects: true,
  classPropertiesFormat: 'table',
  interfacePropertiesFormat: 'table',
  tableColumnSettings: {
    hideDefaults: true,
    hideModifiers: true,
    hideInherited: true,
    hideOverrides: true,
    hideSources: true,
  },
  githubPages: false,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  // Where a name is declared is for messages only: lines change too often to be in a committed page.
  disableGit: true,
  sourceLinkTemplate: '{path}',
};

/** Keeps what typedoc warns of, such as a link to a name that isn't there. */
class Warnings extends Logger {
  messages = [];
  #root;

  constructor(root) {
    super();
    this.#root = root;
  }

  log(message, level) {
    if (level >= LogLevel.Warn) this.messages.push(message);
  }

  addContext(message, _level, position, file) {
    if (file === undefined) return message;
    const { line } = file.getLineAndCharacterOfPosition(position);
    return `${relative(this.#root, file.fileName)}:${line + 1}: ${message}`;
  }
}

/**
 * Reads the entry points, with all that they export, as a project of typedoc: a module each, in which names are sorted.
 *
 * @returns The application, the project, and what typedoc had to warn of, a line each.
 */
export async function readModel(root, entries) {
  const app = await Application.bootstrapWithPlugins({ ...OPTIONS, basePath: root }, []);
  const warnings = new Warnings(root);
  app.logger = warnings;
  app.renderer.defineRouter('entry-points', EntryPointRouter);
  app.renderer.defineTheme('reference', ReferenceTheme);
  const program = programOf(entries);
  const project = app.converter.convert(
    entries.map(({ specifier, source }) => ({
      displayName: specifier,
      program,
      sourceFile: program.getSourceFile(source),
    })),
  );
  app.validate(project);
  arrange(project);
  return { app, project, warnings: warnings.messages };
}

/** Sorts modules, and the names in each, and leaves out what is no business of a reader. */
function arrange(project) {
  const byName = (a, b) => (a.name < b.name ? -1 : 1);
  project.children.sort(byName);
  for (const module of project.children) {
    for (const { children } of module.groups) children.sort(byName);
    module.children = module.groups.flatMap(({ children }) => children);
  }
  for (const reflection of Object.values(project.reflections)) {
    if (isElsewhere(reflection)) project.removeReflection(reflection);
  }
  for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter)) {
    if (parameter.name === '__namedParameters') parameter.name = 'options';
  }
  nameTypes(project);
  // A method that is an arrow function has a value, and is readonly.
  for (const method of project.getReflectionsByKind(ReflectionKind.Method)) {
    method.setFlag(ReflectionFlag.Readonly, false);
  }
  for (const constant of project.getReflectionsByKind(ReflectionKind.Variable)) delete constant.defaultValue;
}

/** Gives types their exported names, where an optional property has made the compiler forget them. */
function nameTypes(project) {
  const aliases = project
    .getReflectionsByKind(ReflectionKind.TypeAlias)
    .filter(({ type, typeParameters }) => type.type === 'reference' && typeParameters === undefined);
  const byText = new Map(aliases.map((alias) => [alias.type.toString(), alias]));
  const named = (type) => {
    const alias = byText.get(type.toString());
    return alias === undefined ? type : ReferenceType.createResolvedReference(alias.name, alias, project);
  };
  for (const property of project.getReflectionsByKind(ReflectionKind.Property)) {
    const { type } = property;
    property.type = type instanceof UnionType ? new UnionType(type.types.map(named)) : named(type);
  }
}

/** Declared outside of the packages, as the `name` of an Error is, or nowhere, as a constructor that a class doesn't have. */
function isElsewhere({ kind, flags, overwrites, parent, signatures }) {
  const isOfBuiltIn = parent?.extendedTypes?.some((type) => type.package === 'typescript') === true;
  if (flags.isExternal || (overwrites !== undefined && isOfBuiltIn)) return true;
  return kind === ReflectionKind.Constructor && signatures.every(({ sources }) => sources === undefined);
}

/** One program of all sources, in which packages import each other's sources: so that a name is the same in all of them. */
function programOf(entries) {
  const file = join(repository, 'tsconfig.base.json');
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, repository, file);
  const paths = Object.fromEntries(entries.map(({ specifier, source }) => [specifier, [source]]));
  return ts.createProgram({
    rootNames: entries.map(({ source }) => source),
    options: { ...options, paths, noEmit: true },
  });
}
