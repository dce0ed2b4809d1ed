import { ReflectionKind } from 'typedoc';

/** What needs a docstring: whatever can be exported, and its members. */
const NAMES =
  ReflectionKind.Module |
  ReflectionKind.SomeExport |
  ReflectionKind.Constructor |
  ReflectionKind.Property |
  ReflectionKind.Method |
  ReflectionKind.Accessor;

/**
 * A line for each public name that has no docstring, and for each function with a parameter that is neither described, by
 * `@param` or by its name in the docstring (or its owner's), nor of an exported type, which has a docstring of its own.
 */
export function undocumented(project) {
  const byPlace = new Map();
  for (const reflection of Object.values(project.reflections)) {
    // A name that two entry points export is documented where it is declared.
    if (!reflection.kindOf(NAMES) || reflection.isReference()) continue;
    const [problem] = problemsOf(reflection);
    const { fileName = '', line = 0, character = 0 } = sourceOf(reflection) ?? {};
    // What is inherited is where it comes from, too.
    const place = `${fileName}:${line}:${character}`;
    if (problem !== undefined && !byPlace.has(place)) byPlace.set(place, `${fileName}:${line}: ${problem}`);
  }
  return Array.from(byPlace.values());
}

function* problemsOf(reflection) {
  const name = `${ReflectionKind.singularString(reflection.kind).toLowerCase()} ${nameOf(reflection)}`;
  if (commentsOf(reflection).some((comment) => !comment?.hasVisibleComponent())) {
    yield `${name} has no docstring`;
  }
  if (reflection.kindOf(ReflectionKind.Interface)) return;
  for (const { comment, parameters = [] } of reflection.signatures ?? []) {
    const text = textOf(comment) + textOf(reflection.parent.comment);
    for (const parameter of parameters) {
      if (!isDescribed(parameter, text)) yield `${name} says nothing about ${parameter.name}`;
    }
  }
}

/** All that has to be there: one for each way of calling it. */
function commentsOf({ comment, signatures = [], getSignature, setSignature, type, kind }) {
  if (getSignature ?? setSignature) return [comment ?? getSignature?.comment ?? setSignature?.comment];
  const each = signatures.map((signature) => signature.comment);
  if (each.length > 0) return kind === ReflectionKind.Interface ? [comment, ...each] : each;
  // That of a member which is a function may have become that function's.
  return [comment ?? type?.declaration?.signatures?.[0]?.comment];
}

function isDescribed({ name, comment, type }, text) {
  return comment?.hasVisibleComponent() || isOfExportedType(type) || text.split(/[^\w$]+/).includes(name);
}

function textOf({ summary = [], blockTags = [] } = {}) {
  return [...summary, ...blockTags.flatMap(({ content }) => content)].map(({ text }) => text).join('');
}

function isOfExportedType(type) {
  if (type?.type === 'union') return type.types.some(isOfExportedType);
  return type?.type === 'reference' && type.reflection?.kindOf(ReflectionKind.SomeExport) === true;
}

/** Dotted, without the names that typedoc gives to what has none. */
function nameOf(reflection) {
  const names = [];
  for (let at = reflection; at && !at.isProject(); at = at.parent) {
    if (!at.name.startsWith('__') && (at === reflection || !at.kindOf(ReflectionKind.Module)))
      names.unshift(at.name);
  }
  return names.join('.');
}

function sourceOf({ sources, signatures, getSignature, setSignature }) {
  return (sources ?? signatures?.[0]?.sources ?? getSignature?.sources ?? setSignature?.sources)?.[0];
}
