import { ReflectionKind } from 'typedoc';
import { MarkdownTheme, MarkdownThemeContext } from 'typedoc-plugin-markdown';
import { indexPage } from './index-page.mjs';

/** The plugin's theme, with fewer headings, and without sections that repeat what a signature says. */
export class ReferenceTheme extends MarkdownTheme {
  getRenderContext(page) {
    return new ReferenceContext(this, page, this.application.options);
  }

  render(page) {
    return page.model.isProject() ? indexPage(page.model, this.router) : super.render(page);
  }
}

class ReferenceContext extends MarkdownThemeContext {
  constructor(...args) {
    super(...args);
    const { comment, memberTitle } = this.partials;
    this.partials = {
      ...this.partials,
      // Without a level, tags such as @throws are bold lines, not headings.
      comment: (model, options) => comment(model, { ...options, headingLevel: undefined }),
      memberTitle: (model) => ownerOf(model) + memberTitle(model),
      memberWithGroups: (model, options) => this.#declared(model, options),
      constructor: (model, { headingLevel }) => this.#construction(model, headingLevel),
      signature: (model, options) => this.#signature(model, options),
      declaration: (model) => this.#declaration(model),
      members: (models, options) =>
        paragraphs(...models.map((model) => this.partials.memberContainer(model, options))),
      accessor: (model) => this.#accessor(model),
      inheritance: () => '',
    };
  }

  /** An entry point, a class or an interface. */
  #declared(model, { headingLevel }) {
    const { signatures = [], indexSignatures = [] } = model;
    return paragraphs(
      model.typeParameters &&
        `> **${model.name}**\\<${this.helpers.getTypeParameters(model.typeParameters)}\\>`,
      this.#extended(model),
      model.comment && this.partials.comment(model.comment, { showTags: false }),
      this.#described(model.typeParameters),
      model.comment && this.partials.comment(model.comment, { showSummary: false }),
      ...signatures.map((signature) =>
        this.partials.signature(signature, { headingLevel, multipleSignatures: true }),
      ),
      ...indexSignatures.map((signature) => `> ${this.partials.indexSignature(signature, { headingLevel })}`),
      model.kindOf(ReflectionKind.Module)
        ? this.partials.body(model, { headingLevel })
        : this.#members(model, headingLevel),
    );
  }

  /** What it extends and implements, of what is on these pages or comes with the language. */
  #extended({ extendedTypes = [], implementedTypes = [] }) {
    const list = (word, types) => {
      const known = types.filter((type) => type.reflection !== undefined || type.package === 'typescript');
      return known.length > 0 && `${word} ${known.map((type) => this.partials.someType(type)).join(', ')}.`;
    };
    return paragraphs(list('Extends', extendedTypes), list('Implements', implementedTypes));
  }

  /** Properties in a table, and then what can be called, each under a heading. */
  #members({ kind, children = [] }, headingLevel) {
    const properties = children.filter((child) => child.kindOf(ReflectionKind.Property));
    const others = children.filter((child) => !properties.includes(child));
    return paragraphs(
      properties.length > 0 && this.partials.propertiesTable(properties, { kind }),
      ...others.map((child) => this.partials.memberContainer(child, { headingLevel })),
    );
  }

  #construction({ parent, signatures }, headingLevel) {
    return paragraphs(
      `${'#'.repeat(headingLevel)} new ${parent.name}()`,
      ...signatures.map((signature) => this.partials.signature(signature, { headingLevel })),
    );
  }

  #signature(model, { headingLevel, hideTitle = false, multipleSignatures = false }) {
    const comment = multipleSignatures ? model.comment : (model.comment ?? model.parent.comment);
    const returned = comment?.getTag('@returns');
    // A constructor's are the class's.
    const typeParameters = model.kindOf(ReflectionKind.ConstructorSignature)
      ? []
      : (model.typeParameters ?? []);
    const { parameters = [] } = model;
    return paragraphs(
      !hideTitle && this.partials.signatureTitle(model),
      comment && this.partials.comment(comment, { showTags: false }),
      this.#described([...typeParameters, ...parameters]),
      returned && `**Returns**\n\n${this.helpers.getCommentParts(returned.content)}`,
      comment && this.partials.comment(comment, { showSummary: false, headingLevel }),
    );
  }

  /** A constant or a type. */
  #declaration(model) {
    const { kind, type, comment = type?.declaration?.signatures?.[0].comment } = model;
    return paragraphs(
      this.partials.declarationTitle(model),
      comment && this.partials.comment(comment),
      this.#described(model.typeParameters),
      ...literalsIn(type).map(({ children }) => this.partials.propertiesTable(children, { kind })),
    );
  }

  #accessor({ name, getSignature, setSignature }) {
    const { type, comment } = getSignature;
    const modifier = setSignature === undefined ? '`readonly` ' : '';
    return paragraphs(
      `> ${modifier}**${name}**: ${this.partials.someType(type)}`,
      this.partials.comment(comment ?? setSignature.comment),
    );
  }

  /** Parameters that have a description; the types of all are in the signature. */
  #described(parameters = []) {
    return parameters
      .filter(({ comment }) => comment?.hasVisibleComponent())
      .map(({ name, comment }) => `- \`${name}\`: ${this.helpers.getCommentParts(comment.summary)}`)
      .join('\n');
  }
}

/** The objects that a type is made of, written out in it. */
function literalsIn(type) {
  if (type?.type === 'union' || type?.type === 'intersection') return type.types.flatMap(literalsIn);
  return type?.declaration?.children === undefined ? [] : [type.declaration];
}

/** What stands before a member's name, so that headings and their anchors tell members of one name apart. */
function ownerOf({ parent }) {
  return parent?.kindOf(ReflectionKind.ClassOrInterface) ? `${parent.name}.` : '';
}

function paragraphs(...parts) {
  return parts.filter((part) => part).join('\n\n');
}
