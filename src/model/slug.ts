import { BoardError } from './error.ts'

const pattern = /^[a-z0-9][a-z0-9_-]{0,63}$/

/** The slug that `text` is, but for space and case around it; undefined when it is none. */
export function slugIn(text: string): string | undefined {
  const name = text.trim().toLowerCase()
  return pattern.test(name) ? name : undefined
}

/** As `slugIn`; throws `invalid` for anything else, and for a profile that work could not be given to. */
export function slug(text: string, what: 'board' | 'profile'): string {
  const name = slugIn(text)
  if (what === 'profile' && name === 'none') {
    throw new BoardError('invalid', '"none" is no name for a profile: it stands for nobody')
  }
  if (name !== undefined) return name
  throw new BoardError(
    'invalid',
    `${JSON.stringify(text)} is no name for a ${what}: use up to 64 of a-z, 0-9, - and _, beginning with a letter or a digit`,
  )
}
