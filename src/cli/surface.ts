/** A part of the program. Takes what stands after its name; resolves with the exit code. */
export type Surface = (argv: readonly string[], host: NodeJS.Process) => Promise<number>

interface Entry {
  /** Undefined for what only this program itself starts. */
  readonly summary?: string
  /** What can stand behind its name, for completion; the board's verbs are known anyway. */
  readonly words?: readonly string[]
  /** Of these words, the ones behind which the name of a profile stands. */
  readonly profileAfter?: readonly string[]
  /** What it does, said among the verbs of the board as well, where people look for it. */
  readonly does?: string
  /** Loaded when asked for: listing tasks must not wait for the code of a dispatcher. */
  readonly load: (surfaces: Surfaces) => Promise<Surface>
}

/** By name. */
export type Surfaces = Readonly<Record<string, Entry>>
