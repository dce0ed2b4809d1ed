import { ReflectionKind } from 'typedoc';

/** The page that lists the entry points, with the first paragraph about each, and the names that it exports. */
export function indexPage(project, router) {
  const linksTo = (reflections) =>
    Array.from(reflections)
      .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
      .map((reflection) => `[\`${reflection.name}\`](${router.getFullUrl(reflection)})`)
      .join(', ');
  const sections = project.children.map((module) => {
    const types = module.children.filter((child) =>
      child.kindOf(ReflectionKind.Interface | ReflectionKind.TypeAlias),
    );
    const values = module.children.filter((child) => !types.includes(child));
    const [about] = (module.comment?.summary ?? [])
      .map(({ text }) => text)
      .join('')
      .split('\n\n');
    return [
      `## [${module.name}](${router.getFullUrl(module)})`,
      about,
      linksTo(values),
      types.length > 0 && `Types: ${linksTo(types)}`,
    ];
  });
  const page = [
    '# API reference',
    'What the packages export, a page for each entry point. It is generated from the comments in the sources, which editors show, too. [API](../api.md) is the overview.',
    ...sections.flat(),
  ];
  return `${page.filter((paragraph) => paragraph).join('\n\n')}\n`;
}
