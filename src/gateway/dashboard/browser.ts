import { spawn } from 'node:child_process'
import type { Variables } from '../../config.ts'

/**
 * Opens the page for the person at this machine, where there is a screen; whoever has none has the link
 * in print. As an argument it is seen by everybody on the machine: it must be good for one time only.
 */
export function openBrowser(link: string, env: Variables): void {
  const command = opener(env)
  if (command === undefined) return
  const child = spawn(command, [link], { detached: true, stdio: 'ignore' })
  child.on('error', () => {})
  child.unref()
}

function opener({ DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME, SSH_CONNECTION }: Variables) {
  if (process.platform === 'darwin') return SSH_CONNECTION ? undefined : 'open'
  if (WSL_DISTRO_NAME) return 'wslview'
  return DISPLAY || WAYLAND_DISPLAY ? 'xdg-open' : undefined
}
