/** Queries as values: one text for both databases, every value from outside a parameter. */

export type Dialect = 'sqlite' | 'postgres'
export type Value = string | number | null
export type Part = Value | Sql | Choice

export interface Sql {
  readonly strings: readonly string[]
  readonly parts: readonly Part[]
}

interface Choice {
  readonly sqlite: Sql
  readonly postgres: Sql
}

/** Interpolated values become parameters; interpolated `sql` is spliced in. */
export function sql(strings: TemplateStringsArray, ...parts: Part[]): Sql {
  return { strings, parts }
}

export const nothing: Sql = sql``

/** The one way in which a query may say different things to the two databases. */
export function either(choice: Choice): Choice {
  return choice
}

/**
 * Words of our own source (statuses, kinds) as literals: `'ready', 'todo'`. Bound, they would hide
 * from the planner which partial index serves (a claim took 5.9 ms instead of 5 µs on 200 k tasks).
 */
export function words(first: string, ...rest: readonly string[]): Sql {
  const all = [first, ...rest]
  const odd = all.find((word) => !/^[a-z_]+$/.test(word))
  if (odd !== undefined) throw new TypeError(`not a word of the source: ${JSON.stringify(odd)}`)
  return fragment(all.map((word) => `'${word}'`).join(', '))
}

/** A name from our own schema (a table or a column), spliced in as it is. */
export function name(identifier: string): Sql {
  if (!/^[a-z_][a-z0-9_]*$/.test(identifier)) {
    throw new TypeError(`not a name of the schema: ${JSON.stringify(identifier)}`)
  }
  return fragment(identifier)
}

/** Any name, quoted: of a schema, which people name. */
export function quoted(identifier: string): Sql {
  return verbatim(`"${identifier.replaceAll('"', '""')}"`)
}

/** A text in a statement that takes no parameters. */
export function literal(text: string): Sql {
  return verbatim(`'${text.replaceAll("'", "''")}'`)
}

/** A text that our own source has made, as it is: nothing in it may come from a row or from outside. */
export function verbatim(text: string): Sql {
  return { strings: [text], parts: [] }
}

// One object for one text, so that `compile` knows it again. As many as the source has words.
const fragments = new Map<string, Sql>()

function fragment(text: string): Sql {
  const known = fragments.get(text)
  if (known !== undefined) return known
  const made = verbatim(text)
  fragments.set(text, made)
  return made
}

export function join(parts: readonly Part[], separator = ', '): Sql {
  const between = parts.slice(1).map(() => separator)
  return { strings: parts.length === 0 ? [''] : ['', ...between, ''], parts }
}

/** A list whose length is only known at run time, bound as one parameter: `where id in ${anyOf(ids)}`. */
export function anyOf(values: readonly string[]): Choice {
  const json = JSON.stringify(values)
  return either({
    sqlite: sql`(select value from json_each(${json}))`,
    postgres: sql`(select json_array_elements_text(${json}::json))`,
  })
}

export interface Compiled {
  readonly text: string
  readonly values: readonly Value[]
}

/** What a query is made of in the order of its text: its templates, and a null for each parameter. */
type Shape = (readonly string[] | null)[]

// The text follows from the shape, and a place in the source nearly always makes the same one again
// (JavaScript has one array of strings for each template): its latest text is kept.
const latest = {
  sqlite: new WeakMap<readonly string[], { readonly shape: Shape; readonly text: string }>(),
  postgres: new WeakMap<readonly string[], { readonly shape: Shape; readonly text: string }>(),
}

export function compile(query: Sql, dialect: Dialect): Compiled {
  const known = latest[dialect].get(query.strings)
  if (known !== undefined) {
    const values: Value[] = []
    const { shape, text } = known
    if (follow(query, dialect, shape, 0, values) === shape.length) return { text, values }
  }
  const values: Value[] = []
  const shape: Shape = []
  takeApart(query, dialect, values, shape)
  const text = render(query, dialect)
  latest[dialect].set(query.strings, { shape, text })
  return { text, values }
}

/** Collects the values as long as the query is like `shape` from `at` on; returns where it ends, else NaN. */
function follow(query: Sql, dialect: Dialect, shape: Shape, at: number, values: Value[]): number {
  if (shape[at] !== query.strings) return Number.NaN
  let next = at + 1
  for (const part of query.parts) {
    if (!isValue(part)) {
      next = follow(inDialect(part, dialect), dialect, shape, next, values)
    } else if (shape[next] === null) {
      values.push(part)
      next += 1
    } else {
      return Number.NaN
    }
  }
  return next
}

function takeApart(query: Sql, dialect: Dialect, values: Value[], shape: Shape): void {
  shape.push(query.strings)
  for (const part of query.parts) {
    if (isValue(part)) {
      values.push(part)
      shape.push(null)
    } else {
      takeApart(inDialect(part, dialect), dialect, values, shape)
    }
  }
}

function render(query: Sql, dialect: Dialect, counter = { parameters: 0 }): string {
  let text = query.strings[0] ?? ''
  for (const [index, part] of query.parts.entries()) {
    if (isValue(part)) {
      counter.parameters += 1
      text += dialect === 'postgres' ? `$${counter.parameters}` : '?'
    } else {
      text += render(inDialect(part, dialect), dialect, counter)
    }
    text += query.strings[index + 1]
  }
  return text
}

function isValue(part: Part): part is Value {
  return part === null || typeof part !== 'object'
}

function inDialect(part: Sql | Choice, dialect: Dialect): Sql {
  return 'strings' in part ? part : part[dialect]
}
