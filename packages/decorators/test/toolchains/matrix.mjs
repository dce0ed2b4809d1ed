// Each toolchain with each of its settings, and what comes of each program: what it records, or the error. In the short form of
// the tests, each toolchain in its latest version, once with standard and once with legacy decorators.
import { join } from 'node:path';
import { LONG } from '@afstatsd/testing';
import { babel, esbuild, nodeItself, swc, tsc } from './compilers.mjs';
import { computedName, metadata, noMetadata, nothingPrivate, privateMembers, sample } from './expected.mjs';
import { execute } from './execute.mjs';

const recorder = join(import.meta.dirname, 'record.mjs');

const standard = { sample, 'computed-name': computedName, 'private-members': privateMembers() };
const legacy = { sample, 'computed-name': computedName, metadata: noMetadata };
const legacyWithTypes = { ...legacy, metadata };
const refused = { sample: /@Timed[^]*SyntaxError: Invalid or unexpected token/ };
// Which Node will be the first to know decorators, nobody knows: this fails then, and the documentation has to change.
const leftRaw = `can't, it leaves decorators as they are, which Node ${process.version} refuses`;

const row = (toolchain, title, settings, programs) => ({
  title: `${toolchain.label}, ${title}`,
  compile: (out) => toolchain.compile(Object.keys(programs), out, settings),
  run: (out, program) => {
    const { flags = [], extension = 'mjs' } = toolchain;
    return execute([...flags, recorder, join(out, `${program}.${extension}`)]);
  },
  programs,
});

const versions = LONG ? ['typescript-5', 'typescript-6', 'typescript'] : ['typescript'];
const tscRows = versions.map(tsc).flatMap((compiler) => {
  const es2022 = { target: 'es2022', experimentalDecorators: true };
  const esnext = { target: 'esnext', experimentalDecorators: true };
  const withTypes = { ...es2022, emitDecoratorMetadata: true };
  return [
    row(compiler, 'standard, target es2022', { target: 'es2022' }, standard),
    LONG && row(compiler, `standard, target esnext: ${leftRaw}`, { target: 'esnext' }, refused),
    LONG && row(compiler, 'legacy, target es2022', es2022, legacy),
    row(compiler, 'legacy, target es2022, emitDecoratorMetadata', withTypes, legacyWithTypes),
    LONG && row(compiler, 'legacy, target esnext', esnext, legacy),
  ];
});

const kept = { target: 'es2022', keepNames: true };
const esbuildRows = [
  row(esbuild, 'standard, target es2022, keepNames', kept, standard),
  LONG &&
    row(
      esbuild,
      "standard, target es2022, without keepNames: can't keep the name of a class that mentions itself",
      { target: 'es2022' },
      { ...standard, 'private-members': privateMembers('_Cart') },
    ),
  LONG && row(esbuild, `standard, target esnext: ${leftRaw}`, { target: 'esnext', keepNames: true }, refused),
  row(esbuild, 'legacy, target es2022, keepNames', { ...kept, experimentalDecorators: true }, legacy),
  LONG &&
    row(
      esbuild,
      "legacy, emitDecoratorMetadata: can't write down types, since it knows none, and ignores the option",
      { ...kept, experimentalDecorators: true, emitDecoratorMetadata: true },
      legacy,
    ),
];

const swcRows = [
  LONG && row(swc, 'standard, decoratorVersion 2022-03', { decoratorVersion: '2022-03' }, standard),
  row(swc, 'standard, decoratorVersion 2023-11', { decoratorVersion: '2023-11' }, standard),
  LONG &&
    row(
      swc,
      "standard, without decoratorVersion: can't, it compiles as legacy and leaves out decorators of #private members",
      {},
      { sample, 'computed-name': computedName, 'private-members': nothingPrivate },
    ),
  LONG && row(swc, 'legacy', { legacyDecorator: true }, legacy),
  row(swc, 'legacy, decoratorMetadata', { legacyDecorator: true, decoratorMetadata: true }, legacyWithTypes),
];

const babelRows = [
  row(babel, 'standard, version 2023-11', { version: '2023-11' }, standard),
  row(
    babel,
    "legacy, version legacy: can't write down types, since it knows none",
    { version: 'legacy' },
    { sample, metadata: noMetadata },
  ),
  LONG &&
    row(
      babel,
      "legacy, version legacy: can't decorate a member with a computed name",
      { version: 'legacy' },
      { 'computed-name': /Computed method.property decorators are not yet supported/ },
    ),
];

const stripped =
  nodeItself && row(nodeItself, "type stripping: can't, it leaves decorators as they are", {}, refused);

/** A program maps to what it records, or to the error that compiling or running it ends in. */
export const matrix = [...tscRows, ...esbuildRows, ...swcRows, ...babelRows, stripped].filter(Boolean);
