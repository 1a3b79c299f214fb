import { npm, plain, type Runtime } from './runtime.ts'

export const codex: Runtime = {
  ...plain,
  name: 'codex',
  title: 'Codex',
  driver: 'acp',
  program: npm('codex-acp'),
  permissions: {
    // Its own default lets a model review each call, which costs several requests and refuses ours
    // where the model of the reviewer is not to be had.
    allow: { env: { INITIAL_AGENT_MODE: 'agent-full-access' } },
    deny: { env: { INITIAL_AGENT_MODE: 'read-only' } },
  },
  env: { NO_BROWSER: '1' },
  keys: [
    'CODEX_API_KEY',
    'CODEX_CONFIG',
    'CODEX_HOME',
    'CODEX_PATH',
    'MODEL_PROVIDER',
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
  ],
  session: {
    signIn: [{ method: 'api-key', keys: ['CODEX_API_KEY', 'OPENAI_API_KEY'] }],
    hasty: true,
  },
  signs: [
    { means: 'quota', error: /"usageLimitExceeded"/ },
    { means: 'login', error: /"unauthorized"/ },
    { means: 'quota', words: /exceeded retry limit, last status: 429/ },
    {
      means: 'login',
      words: /exceeded retry limit, last status: 401|Missing environment variable/,
    },
  ],
  about: {
    install: 'npm install -g @agentclientprotocol/codex-acp',
    login: 'run codex login, or set OPENAI_API_KEY',
    tested: '2.6.0',
    companion: 'codex',
    credentials: ['.codex/auth.json'],
  },
}
