import { npm, plain, type Runtime } from './runtime.ts'

export const copilot: Runtime = {
  ...plain,
  name: 'copilot',
  title: 'GitHub Copilot CLI',
  driver: 'acp',
  program: npm('copilot'),
  args: ['--acp'],
  model: { args: ['--model', '{model}'] },
  permissions: { allow: { args: ['--allow-all-tools'] }, deny: {} },
  env: { COPILOT_AUTO_UPDATE: 'false' },
  // GH_TOKEN and GITHUB_TOKEN open more than Copilot: a profile that wants them names them in its env.
  keys: [
    'COPILOT_GITHUB_TOKEN',
    'COPILOT_HOME',
    'COPILOT_MODEL',
    'COPILOT_OFFLINE',
    'COPILOT_PROVIDER_API_KEY',
    'COPILOT_PROVIDER_BASE_URL',
    'COPILOT_PROVIDER_BEARER_TOKEN',
    'COPILOT_PROVIDER_TYPE',
    'COPILOT_PROVIDER_WIRE_API',
    'GH_HOST',
  ],
  // It ends a failed turn well and says so in words.
  signs: [
    { means: 'quota', words: /Error: .*(?:\b429\b|rate limit|quota)/i },
    { means: 'login', words: /Error: .*(?:\b401\b|Authentication failed)/i },
    { means: 'login', words: /No authentication information found/ },
  ],
  usage: 'session',
  about: {
    install: 'npm install -g @github/copilot',
    login: 'run copilot login, or set COPILOT_GITHUB_TOKEN',
    tested: '1.0.102',
    credentials: [],
  },
}
