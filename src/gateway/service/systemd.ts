import { join } from 'node:path'
import { type Service, type ServiceOf, signature } from './service.ts'

const unitName = 'hermes-kanban.service'

/** A unit of the user, not of the system. */
export function systemd(of: ServiceOf): Service {
  const systemctl = ['systemctl', '--user'] as const
  return {
    name: 'systemd',
    file: join(of.config, 'systemd', 'user', unitName),
    text: unit(of),
    probe: [...systemctl, 'show', '--property=Version'],
    enable: [
      [...systemctl, 'daemon-reload'],
      [...systemctl, 'enable', '--now', unitName],
    ],
    disable: [[...systemctl, 'disable', '--now', unitName]],
    forget: [[...systemctl, 'daemon-reload']],
    stop: [...systemctl, 'stop', unitName],
    restart: [...systemctl, 'restart', unitName],
    logs: `journalctl --user -u ${unitName}`,
  }
}

/** Workers outlive their gateway: only its own process is ended, and one that runs out of memory takes nobody along. */
function unit({ root, program, path }: ServiceOf): string {
  const [command = '', ...args] = program
  const words = [quoted(command), ...[...args, 'gateway', 'run'].map(argument)]
  return `# ${signature}
[Unit]
Description=Hermes Kanban: starts workers for the tasks of a home
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStart=${words.join(' ')}
Environment=${quoted(`HERMES_KANBAN_HOME=${root}`)}
Environment=${quoted(`PATH=${path}`)}
Restart=always
RestartSec=5
KillMode=process
OOMPolicy=continue

[Install]
WantedBy=default.target
`
}

/** `%` begins a specifier everywhere in a unit; a backslash is one only between quotes. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`
}

/** In the arguments of a command, and nowhere else, `$` begins a variable. */
function argument(text: string): string {
  return quoted(text).replaceAll('$', '$$$$')
}
