import { BoardError } from './error.ts'

/** Wherever it happens, nobody has chosen it. */
const shortages: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and try again',
  EDQUOT: 'your share of the disk is used up; free some space and try again',
  EIO: 'the disk reports an error; look into the log of the system',
  EMFILE: 'this program has too many files open; end it and begin again',
  ENFILE: 'the machine has too many files open; end some programs and try again',
  ENOMEM: 'the machine has no memory left; end some programs and try again',
  EAGAIN: 'the machine has no room for another process; end some programs and try again',
}

const reasons: Readonly<Record<string, string>> = {
  ...shortages,
  EROFS: 'the disk can only be read; make it writable and try again',
}

/** These say it of a file alone: a process that is not ours is no fault of the machine. */
const notOurs: Readonly<Record<string, string>> = {
  EACCES: 'it must be yours to read and write; correct its owner or its mode',
  EPERM: 'it must be yours to read and write; correct its owner or its mode',
}

/** Nothing can be there, whoever asks. */
const impossible: Readonly<Record<string, string>> = {
  ENOTDIR:
    'a part of its path is a file; choose another place (HERMES_KANBAN_HOME is that of the home)',
  ELOOP: 'a part of its path is a link that leads back to itself; correct the link',
  ENAMETOOLONG: 'its path is too long for this system; choose a shorter one',
}

/** Of `import`, and of `require`, which is what the installed program does. */
const notFound: readonly string[] = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']

const noFolders =
  'no folder can be made there; choose another place (HERMES_KANBAN_HOME is that of the home)'

/**
 * What the machine is short of, where a folder cannot be used that a person has named. Undefined for whatever
 * may be their mistake: a folder that is not theirs, or a disk that can only be read.
 */
export function shortage(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined
  return shortages[(thrown as NodeJS.ErrnoException).code ?? '']
}

/**
 * What is wrong with the machine as a refusal that a person understands: a disk without room, a folder that
 * is not ours or cannot be, no more files or memory, a part of this program that is gone. Undefined for any
 * other error, which may be a fault of ours.
 */
export function machineError(thrown: unknown): BoardError | undefined {
  if (thrown instanceof BoardError) return thrown.details.machine === true ? thrown : undefined
  if (!(thrown instanceof Error)) return undefined
  const { code = '', path, syscall = '', message } = thrown as NodeJS.ErrnoException
  if (notFound.includes(code)) return missingPart(message)
  const ofFile = path !== undefined && !syscall.startsWith('spawn')
  const reason = reasons[code] ?? (ofFile ? ofPath(code, syscall) : undefined)
  if (reason === undefined) return undefined
  const what = ofFile ? `${path} cannot be used` : 'this could not be done'
  return new BoardError('environment', `${what}: ${reason}`, { machine: true })
}

function ofPath(code: string, syscall: string): string | undefined {
  // Folders above it are made first, so one that is still missing cannot be made.
  if (code === 'ENOENT' && syscall === 'mkdir') return noFolders
  return notOurs[code] ?? impossible[code]
}

/** Much is loaded when it is needed first, and an upgrade may have replaced it by then. */
function missingPart(message: string): BoardError {
  const [, part = 'a file'] = /'([^']+)'/.exec(message) ?? []
  return new BoardError(
    'environment',
    `a part of this program is missing (${part}), because it was replaced meanwhile or never complete: begin again, and where that does not help, install it again`,
    { machine: true },
  )
}
