import { ReflectionKind } from 'typedoc';
import { ModuleRouter } from 'typedoc-plugin-markdown';

/** A page for each entry point, and the anchors of what is on it: those that a forge makes of the theme's headings. */
export class EntryPointRouter extends ModuleRouter {
  /** `@afstatsd/core/http` is `core-http.md`. */
  getIdealBaseName(module) {
    return module.name.replace(/^@[^/]+\//, '').replaceAll('/', '-');
  }

  buildChildPages(reflection, pages) {
    if (reflection.kindOf(ReflectionKind.Module)) super.buildChildPages(reflection, pages);
    else this.buildAnchors(reflection, reflection.parent);
  }

  /** What has several signatures has one heading. */
  buildAnchors(target, page) {
    if (!target.isSignature()) super.buildAnchors(target, page);
  }
}
