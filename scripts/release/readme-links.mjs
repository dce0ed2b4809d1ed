import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';

/** `](../../docs/koa.md#tests)`, `](picture.png)`; not `](#anchor)`, not `](https://…)`. */
const RELATIVE_LINK = /(?<mark>!?)\[(?<text>[^\]]*)\]\((?![a-z]+:|#)(?<path>[^)#\s]+)(?<anchor>#[^)\s]*)?\)/g;

/**
 * A README in which each link leads to the repository, because the page of a registry has no files beside it.
 *
 * @param directory - of the README, in the repository.
 * @throws an error that names a link to a file that isn't there.
 */
export function withAbsoluteLinks(markdown, { root, directory, home }) {
  return markdown.replaceAll(RELATIVE_LINK, (link, mark, text, path, anchor = '') => {
    const target = posix.normalize(posix.join(directory, path));
    if (target.startsWith('..') || !existsSync(join(root, target))) {
      throw new Error(`${directory}/README.md links to ${path}, which isn't there`);
    }
    return `${mark}[${text}](${home.urlOf(target, mark === '!' ? 'raw' : 'blob')}${anchor})`;
  });
}
