/** What keeps a gateway going through logins and restarts of the machine: one file, and the commands for it. */

export interface Service {
  readonly name: 'systemd' | 'launchd'
  /** Where its file is. */
  readonly file: string
  readonly text: string
  /** Exits 0 where the system's own program is there and answers. */
  readonly probe: Command
  /** After the file was written. */
  readonly enable: readonly Command[]
  /** Before the file is removed. */
  readonly disable: readonly Command[]
  /** After the file was removed. */
  readonly forget: readonly Command[]
  readonly stop: Command
  readonly restart: Command
  /** Where what it says is found. */
  readonly logs: string
}

export type Command = readonly [string, ...string[]]

export interface ServiceOf {
  readonly root: string
  readonly home: string
  /** Where the user's settings are: `XDG_CONFIG_HOME`, else `.config` in the home folder. */
  readonly config: string
  readonly uid: number
  /** How the gateway is started: a Node and a main file. */
  readonly program: readonly string[]
  /** The PATH on which workers find their programs: a service starts with hardly any. */
  readonly path: string
  readonly log: string
}

/** The line by which a file of ours is known: no other is replaced or removed. */
export const signature = 'Written by hermes-kanban gateway install; uninstall removes it.'
