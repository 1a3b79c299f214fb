import { npm, plain, type Runtime } from './runtime.ts'

export const qwen: Runtime = {
  ...plain,
  name: 'qwen',
  title: 'Qwen Code',
  driver: 'acp',
  program: npm('qwen'),
  args: ['--acp'],
  model: { args: ['-m', '{model}'] },
  permissions: {
    allow: { args: ['--approval-mode', 'yolo'] },
    deny: { args: ['--approval-mode', 'default'] },
  },
  keys: ['DASHSCOPE_API_KEY', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL'],
  files: [
    {
      // Else it lists the names of our tools alone, and finds them after a search that it often leaves out.
      name: 'qwen.json',
      text: JSON.stringify({ tools: { toolSearch: { enabled: false } } }),
      variable: 'QWEN_CODE_SYSTEM_DEFAULTS_PATH',
    },
  ],
  session: {
    signIn: [{ method: 'openai', keys: ['OPENAI_API_KEY'] }],
    hasty: true,
  },
  about: {
    install: 'npm install -g @qwen-code/qwen-code',
    login: 'set OPENAI_API_KEY and OPENAI_BASE_URL',
    tested: '0.24.4',
    credentials: ['.qwen/oauth_creds.json'],
  },
}
