import { npm, plain, type Runtime } from './runtime.ts'

/** Its ACP adapter brings a Claude Code of its own, which uses the login of the one that is installed. */
export const claudeCode: Runtime = {
  ...plain,
  name: 'claude-code',
  title: 'Claude Code',
  driver: 'acp',
  program: npm('claude-agent-acp'),
  permissions: {
    // It has the first one unless it runs as root, and then with IS_SANDBOX, which says that the machine
    // is nobody's else: for whoever operates it to say. Without it we answer what it asks.
    allow: { modes: ['bypassPermissions', 'default'] },
    deny: { modes: ['default'] },
  },
  env: {
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    // Of its own accord it repeats a refused request for minutes without a word: about 20 s are enough
    // for a hiccup, and a quota is for the board to wait for.
    CLAUDE_CODE_MAX_RETRIES: '5',
  },
  keys: [
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'ANTHROPIC_BASE_URL',
    'ANTHROPIC_CUSTOM_HEADERS',
    'ANTHROPIC_MODEL',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'CLAUDE_CODE_EXECUTABLE',
    'CLAUDE_CONFIG_DIR',
  ],
  // The adapter takes any value for a yes, the program that it starts only this one, and then fails.
  flags: ['IS_SANDBOX'],
  signs: [
    { means: 'quota', error: /"errorKind":"(?:rate_limit|billing_error)"/ },
    { means: 'login', error: /"errorKind":"authentication_(?:failed|error)"/ },
    { means: 'quota', words: /You've hit your .{1,40}limit/ },
    { means: 'login', words: /Please run \/login|Invalid API key/ },
  ],
  about: {
    install: 'npm install -g @agentclientprotocol/claude-agent-acp',
    login: 'run claude and say /login, or set ANTHROPIC_API_KEY',
    tested: '0.100.0',
    companion: 'claude',
    credentials: ['.claude/.credentials.json'],
  },
}
