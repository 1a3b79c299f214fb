import { plain, python, type Runtime } from './runtime.ts'

/** The keys of the providers that it knows; most people keep them in the .env of its home. */
export const hermesKeys = [
  'ANTHROPIC_API_KEY',
  'GEMINI_API_KEY',
  'NOUS_API_KEY',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'OPENROUTER_API_KEY',
]

/** The Python agent, by its own flags. It knows the board by itself, and is given no brief of ours. */
export const hermesAgent: Runtime = {
  ...plain,
  name: 'hermes-agent',
  title: 'Hermes Agent',
  driver: 'command',
  // A bare `hermes` may be this very program.
  program: python('hermes-agent', 'hermes'),
  args: ['chat', '-q', 'work kanban task {task}'],
  input: 'nothing',
  opensBoard: true,
  model: { args: ['-m', '{model}'] },
  skills: { args: ['--skills', '{skills}'] },
  env: { HERMES_ACCEPT_HOOKS: '1' },
  keys: hermesKeys,
  signs: [
    { means: 'quota', words: /(?:HTTP|Error code:|status) ?429\b|rate limit exceeded/i },
    { means: 'login', words: /(?:HTTP|Error code:|status) ?401\b|no API key/i },
  ],
  about: {
    install:
      'see its own documentation: its installer puts it into the home that it shares with us',
    login: 'run its hermes setup',
    credentials: ['.hermes/.env', '.hermes/auth.json'],
  },
}
