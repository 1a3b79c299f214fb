/** `hermes completion <shell>`: a script for the shell, written from the operations. */

import { BoardError } from '../../model/error.ts'
import type { Surface, Surfaces } from '../surface.ts'
import { bash } from './bash.ts'
import { fish } from './fish.ts'
import { type Completion, completionOf } from './words.ts'
import { zsh } from './zsh.ts'

const shells: Readonly<Record<string, (completion: Completion) => string>> = { bash, zsh, fish }

const usage = `Usage: hermes completion bash|zsh|fish

Prints what makes a shell complete hermes and hermes-kanban.

  bash  mkdir -p ~/.local/share/bash-completion/completions
        hermes-kanban completion bash > ~/.local/share/bash-completion/completions/hermes-kanban
        ln -s hermes-kanban ~/.local/share/bash-completion/completions/hermes
  zsh   mkdir -p ~/.zfunc                                      (a folder in your fpath)
        hermes-kanban completion zsh > ~/.zfunc/_hermes
  fish  mkdir -p ~/.config/fish/completions
        hermes-kanban completion fish > ~/.config/fish/completions/hermes-kanban.fish
        ln -s hermes-kanban.fish ~/.config/fish/completions/hermes.fish
`

export function completion(surfaces: Surfaces): Surface {
  return async ([shell = '', ...more], { stdout }) => {
    if (['', 'help', '--help', '-h'].includes(shell)) {
      stdout.write(usage)
      return shell === '' ? 2 : 0
    }
    const script = Object.hasOwn(shells, shell) ? shells[shell] : undefined
    if (script === undefined || more.length > 0) {
      const said = [shell, ...more].join(' ')
      throw new BoardError(
        'usage',
        `no completion for ${JSON.stringify(said)}: hermes completion bash|zsh|fish`,
      )
    }
    stdout.write(script(await completionOf(surfaces)))
    return 0
  }
}
