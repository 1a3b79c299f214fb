import { plain, type Runtime } from './runtime.ts'

/** The agent that comes with this program: all it needs is a model endpoint. */
export const agent: Runtime = {
  ...plain,
  name: 'agent',
  title: 'the built-in agent',
  driver: 'command',
  program: 'this',
  args: ['chat', '-q', '-'],
  model: { args: ['--model', '{model}'] },
  about: {
    install: 'it comes with this program',
    login: 'set the key of a model provider, or name an endpoint that needs none',
    credentials: [],
  },
}
