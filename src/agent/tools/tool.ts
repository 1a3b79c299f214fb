/** What a model can have done, whoever does it. */

import { z } from 'zod'

export interface Tool {
  readonly name: string
  /** When to use it, and how. */
  readonly says: string
  /** A JSON Schema of an object. */
  readonly input: Readonly<Record<string, unknown>>
  /** It runs programs or changes files: not for a profile that permits nothing. */
  readonly acts: boolean
  /** What a call is about, for a person, in a few words. */
  readonly about: (input: unknown) => string
  /** Throws for what it refuses; the sentence goes to the model. */
  readonly run: (input: unknown, signal: AbortSignal) => Promise<Result>
}

export interface Result {
  readonly text: string
  readonly failed?: boolean
  /** The task was handed over by this call: nothing more is to be done. */
  readonly ends?: boolean
}

interface Definition<Input extends z.ZodObject> {
  readonly name: string
  readonly says: string
  readonly input: Input
  readonly acts?: boolean
  readonly about: (input: z.output<Input>) => string
  readonly run: (input: z.output<Input>, signal: AbortSignal) => Promise<string | Result>
}

/** A refusal that the model reads: what is wrong, and what to do. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

export function defineTool<Input extends z.ZodObject>(of: Definition<Input>): Tool {
  const { $schema: _, ...schema } = z.toJSONSchema(of.input, { io: 'input' })
  return {
    name: of.name,
    says: of.says,
    input: schema,
    acts: of.acts ?? false,
    about(written) {
      const { data } = of.input.safeParse(written)
      return data === undefined ? '' : of.about(data)
    },
    async run(written, signal) {
      const { data, error } = of.input.safeParse(written)
      if (error) throw new Refused(`${of.name} was not run: ${faultsIn(error)}`)
      const result = await of.run(data, signal)
      return typeof result === 'string' ? { text: result } : result
    },
  }
}

function faultsIn({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`).join('; ')
}
