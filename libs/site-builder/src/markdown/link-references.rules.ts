import MarkdownIt, { type Env, type MarkdownIt as Parser, type StateBlock, type Token } from 'markdown-it';

/** The link references of one text: their number, and the positions of those that may be used. Default: all. */
export interface LinkReferences {
  // eslint-disable-next-line no-restricted-syntax -- counts the definitions while Markdown is parsed
  defined: number;
  readonly shown?: ReadonlySet<number>;
}

const referencesOf = new WeakMap<object, LinkReferences>();

const { ruler } = new MarkdownIt().block;
ruler.enableOnly('reference');
const [markdownReference] = ruler.getRules('');

/**
 * A markdown-it plugin that emits a token for each definition `[name]: address` and ignores definitions that are not
 * shown. Without it, Markdown would use definitions of hidden branches too.
 */
export function linkReferences(parser: Parser): void {
  parser.block.ruler.at('reference', reference);
}

export function envWith(references: LinkReferences): Env {
  const env: Env = {};
  referencesOf.set(env, references);
  return env;
}

/** The positions of the definitions among the tokens. */
export function definedIn(tokens: readonly Token[]): ReadonlySet<number> {
  return new Set(tokens.flatMap(({ type, meta }) => (type === 'reference' ? [Number(meta?.['order'])] : [])));
}

function reference(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const { env } = state;
  const earlier = env.references ?? {};
  // An empty object shows which reference this definition adds.
  env.references = {};
  const isDefinition = markdownReference?.(state, startLine, endLine, silent) ?? false;
  const [entry] = Object.entries(env.references);
  env.references = earlier;
  const references = referencesOf.get(env);
  if (!entry || !references) return isDefinition;
  const order = references.defined;
  references.defined += 1;
  if (!references.shown) state.push('reference', '', 0).meta = { order };
  if (references.shown?.has(order) !== false) earlier[entry[0]] ??= entry[1];
  return isDefinition;
}
