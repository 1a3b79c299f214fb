import { hermesKeys } from './hermes-agent.ts'
import { plain, python, type Runtime } from './runtime.ts'

/** The same Python agent, talked to. */
export const hermesAcp: Runtime = {
  ...plain,
  name: 'hermes-acp',
  title: 'Hermes Agent over ACP',
  driver: 'acp',
  program: python('hermes-acp'),
  keys: hermesKeys,
  about: {
    install: 'see the documentation of Hermes Agent: it is its extra "acp"',
    login: 'run its hermes setup',
    credentials: ['.hermes/.env', '.hermes/auth.json'],
  },
}
