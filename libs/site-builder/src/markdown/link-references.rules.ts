import MarkdownIt, { type Env, type MarkdownIt as Parser, type StateBlock, type Token } from 'markdown-it';

/** Of one text: how many references it defines, and those of them that may be used, by their order; all if undefined. */
export interface LinkReferences {
  defined: number;
  readonly shown?: ReadonlySet<number>;
}

const referencesOf = new WeakMap<object, LinkReferences>();

const { ruler } = new MarkdownIt().block;
ruler.enableOnly('reference');
const [markdownReference] = ruler.getRules('');

/**
 * Teaches a parser to say where references like `[name]: address` are defined, by tokens, and, when it is told which of
 * them are shown, to leave out the others: Markdown knows them in all of its text, also those of a branch that is hidden.
 */
export function linkReferences(parser: Parser): void {
  parser.block.ruler.at('reference', reference);
}

export function envWith(references: LinkReferences): Env {
  const env: Env = {};
  referencesOf.set(env, references);
  return env;
}

/** Those whose definitions are among the tokens. */
export function definedIn(tokens: readonly Token[]): ReadonlySet<number> {
  return new Set(tokens.flatMap(({ type, meta }) => (type === 'reference' ? [Number(meta?.['order'])] : [])));
}

function reference(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const { env } = state;
  const known = env.references ?? {};
  // Apart from the others, the one that is defined here can be told from them.
  env.references = {};
  const found = markdownReference?.(state, startLine, endLine, silent) ?? false;
  const [entry] = Object.entries(env.references);
  env.references = known;
  const references = referencesOf.get(env);
  if (!entry || !references) return found;
  const order = references.defined;
  references.defined += 1;
  if (!references.shown) state.push('reference', '', 0).meta = { order };
  if (references.shown?.has(order) !== false) known[entry[0]] ??= entry[1];
  return found;
}
