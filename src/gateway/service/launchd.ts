import { join } from 'node:path'
import { type Service, type ServiceOf, signature } from './service.ts'

const label = 'hermes-kanban'

/** An agent of the user, not a daemon of the system. */
export function launchd(of: ServiceOf): Service {
  const file = join(of.home, 'Library', 'LaunchAgents', `${label}.plist`)
  const domain = `gui/${of.uid}`
  return {
    name: 'launchd',
    file,
    text: plist(of),
    probe: ['launchctl', 'print', domain],
    enable: [['launchctl', 'bootstrap', domain, file]],
    disable: [['launchctl', 'bootout', `${domain}/${label}`]],
    forget: [],
    stop: ['launchctl', 'bootout', `${domain}/${label}`],
    restart: ['launchctl', 'kickstart', '-k', `${domain}/${label}`],
    logs: of.log,
  }
}

/** Workers outlive their gateway: its process group is left alone. */
function plist({ root, program, path, log }: ServiceOf): string {
  const words = [...program, 'gateway', 'run'].map(
    (word) => `    <string>${escaped(word)}</string>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${signature} -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${label}</string>
  <key>ProgramArguments</key>
  <array>
${words.join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
    <key>HERMES_KANBAN_HOME</key>
    <string>${escaped(root)}</string>
    <key>PATH</key>
    <string>${escaped(path)}</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>AbandonProcessGroup</key>
  <true/>
  <key>StandardOutPath</key>
  <string>${escaped(log)}</string>
  <key>StandardErrorPath</key>
  <string>${escaped(log)}</string>
</dict>
</plist>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
