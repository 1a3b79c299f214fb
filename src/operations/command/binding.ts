import type { Style } from './style.ts'

/** How an operation looks as a command line. Data only: the parser is built from it. */
export interface CommandBinding<Input, Output> {
  /** Words after `hermes kanban`, where they differ from the operation's name. */
  readonly path?: readonly string[]
  /** Field → how it is written by position, in order: `<id>`, `[reason...]`. Words of one text are joined. */
  readonly positional?: Readonly<Record<string, string>>
  /** Field → how it is written: `--body <text>`, `--triage`. A list's flag may be repeated. */
  readonly flags?: Readonly<Record<string, string>>
  /** Flags that are no field of their own. */
  readonly shorthands?: readonly Shorthand[]
  /** The flag that says who acts: `--author <name>`. */
  readonly author?: string
  /** A text field for which `-` stands for what is on stdin. */
  readonly stdin?: string
  /** A field that the command takes many of; the operation runs once for each, and goes on after a refusal. */
  readonly each?: string
  /** Fields that speak of one task alone: refused where `each` has several. */
  readonly single?: readonly string[]
  /** Offers `--json`, which prints the operation's own result, or what is made of it here. */
  readonly json?: true | ((output: Rendered<Output>) => unknown)
  /** Arguments as somebody would type them, for the help. */
  readonly examples?: readonly string[]
  /** What a person reads on stdout; lines without the last newline. Empty prints nothing. */
  readonly render: (output: Rendered<Output>, input: Input, style: Style) => string
  /** What somebody at a terminal is told before a result that goes on: what is waited for, and how it ends. */
  readonly begins?: (output: Output) => string
  /** What is most likely a mistake; printed on stderr, with `--json` as well, and in place of a hint. */
  readonly warns?: (output: Rendered<Output>) => string | undefined
  /** What a person should know besides; printed on stderr, never with `--json`. */
  readonly hint?: (output: Rendered<Output>, input: Input) => string | undefined
}

/** What is rendered at a time: the result, or one item of a result that goes on. */
type Rendered<Output> = Output extends AsyncIterable<infer Item> ? Item : Output

/** A flag that is written in another way than the field or fields that it sets. */
export interface Shorthand {
  readonly flag: string
  readonly says: string
  readonly sets: readonly string[]
  /** Those fields. Throws `BoardError` with code `usage`. */
  readonly parse: (text: string) => Readonly<Record<string, unknown>>
}
