import { npm, plain, type Runtime } from './runtime.ts'

export const opencode: Runtime = {
  ...plain,
  name: 'opencode',
  title: 'OpenCode',
  driver: 'acp',
  program: npm('opencode'),
  args: ['acp'],
  permissions: {
    // It allows itself everything unless it is told to ask.
    allow: {},
    deny: { env: { OPENCODE_PERMISSION: '{"*":"ask"}' } },
  },
  env: { OPENCODE_DISABLE_AUTOUPDATE: '1' },
  keys: [
    'ANTHROPIC_API_KEY',
    'GEMINI_API_KEY',
    'GOOGLE_GENERATIVE_AI_API_KEY',
    'OPENAI_API_KEY',
    'OPENCODE_API_KEY',
    'OPENCODE_AUTH_CONTENT',
    'OPENCODE_CONFIG',
    'OPENCODE_CONFIG_CONTENT',
    'OPENCODE_CONFIG_DIR',
    'OPENROUTER_API_KEY',
  ],
  about: {
    install: 'npm install -g opencode-ai',
    login: 'run opencode auth login, or set the key of its provider',
    tested: '1.18.33',
    credentials: ['.local/share/opencode/auth.json'],
  },
}
