import { npm, plain, type Runtime } from './runtime.ts'

export const gemini: Runtime = {
  ...plain,
  name: 'gemini',
  title: 'Gemini CLI',
  driver: 'acp',
  program: npm('gemini'),
  // In a folder that it does not trust it leaves out our tools and says nothing.
  args: ['--acp', '--skip-trust'],
  model: { args: ['-m', '{model}'] },
  permissions: {
    allow: { args: ['--approval-mode', 'yolo'] },
    deny: { args: ['--approval-mode', 'default'] },
  },
  env: {
    // Without it the program starts itself again, and a second process holds the pipes.
    GEMINI_CLI_NO_RELAUNCH: 'true',
  },
  keys: [
    'GEMINI_API_KEY',
    'GOOGLE_API_KEY',
    'GOOGLE_CLOUD_LOCATION',
    'GOOGLE_CLOUD_PROJECT',
    'GOOGLE_GEMINI_BASE_URL',
    'GOOGLE_GENAI_USE_VERTEXAI',
  ],
  session: {
    signIn: [{ method: 'gemini-api-key', keys: ['GEMINI_API_KEY'] }],
    hasty: false,
  },
  signs: [{ means: 'login', code: 400, error: /API_KEY_INVALID|API key not valid/ }],
  about: {
    install: 'npm install -g @google/gemini-cli',
    login: 'run gemini and log in with Google, or set GEMINI_API_KEY',
    tested: '0.61.0',
    credentials: ['.gemini/oauth_creds.json'],
  },
}
